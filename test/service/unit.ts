import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {unitText, type UnitFacts} from '../../source/service/unit.ts';
import {needs} from '../support/needs.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const facts: UnitFacts = {
	repository: 'acme/widgets', node: '/usr/bin/node', program: '/usr/local/lib/hetzner-runners-tui/bin.js', sshPrivateKey: '/root/.ssh/id_ed25519', hasPerl: true,
};
const judged = needs('systemd-analyze');

function write(unit: UnitFacts): string {
	const file = path.join(temporaryFolder('unit'), 'github-runners.service');
	writeFileSync(file, unitText(unit));
	return file;
}

function exposureOf(unit: UnitFacts): number {
	const {stdout, stderr} = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', write(unit)], {encoding: 'utf8'});
	const figure = /exposure level for \S+: (?<figure>[\d.]+)/v.exec(stdout)?.groups?.figure;
	if (figure === undefined) {
		throw new Error(stderr);
	}

	return Number(figure);
}

judged('systemd rates the unit 1.1 where perl hands over the socket, 1.3 where it cannot', t => {
	t.true(exposureOf(facts) <= 1.1);
	t.true(exposureOf({...facts, metricsPort: 9090, viewers: {group: 'staff', socket: '/run/hetzner-runners-tui/acme+widgets.view'}}) <= 1.1);
	t.true(exposureOf({...facts, hasPerl: false}) <= 1.3);
});

test('who may only look gets a socket of their own: the folder may be entered, not listed, and only root gives the socket away', t => {
	const text = unitText({...facts, viewers: {group: 'staff', socket: '/run/hetzner-runners-tui/acme+widgets.view'}});
	t.regex(text, /^ExecStartPost=-\+chgrp -- staff \/run\/hetzner-runners-tui\/acme\+widgets\.view$/mv);
	t.regex(text, /^RuntimeDirectoryMode=0751$/mv);
	t.regex(unitText(facts), /^RuntimeDirectoryMode=0750$/mv);
	t.notRegex(unitText(facts), /ExecStartPost/v);
});
