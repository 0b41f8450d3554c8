import test from 'ava';
import * as fc from 'fast-check';
import {expandLabels, plainLanguage, readWishes} from '../../source/model/wishes.ts';

const read = (...labels: string[]) => readWishes(labels, plainLanguage);

test('types and locations are read in their order, singly and as composites', t => {
	t.like(read('self-hosted', 'type-cx33', 'in-nbg1'), {serverTypes: ['cx33'], locations: ['nbg1']});
	t.deepEqual(read('type-cx33-cx43', 'Type-CPX22', 'in-fsn1-hel1', 'in-nbg1').serverTypes, ['cx33', 'cx43', 'cpx22']);
	t.deepEqual(read('type-cx33-cx43', 'in-fsn1-hel1', 'in-nbg1').locations, ['fsn1', 'hel1', 'nbg1']);
	t.deepEqual(read('server-cpx22', 'server-cx23').serverTypes, ['cpx22', 'cx23'], 'the older form');
});

test('a need is the greatest of what is asked for', t => {
	t.deepEqual(read('cpu-4', 'ram-16', 'disk-80', 'arch-arm64').need, {
		cores: 4, memoryGigabytes: 16, diskGigabytes: 80, architecture: 'arm64',
	});
	t.deepEqual(read('cpu-4', 'cpu-8', 'arm64').need, {cores: 8, architecture: 'arm64'});
	t.deepEqual(['x86', 'amd64', 'x64', 'arm', 'aarch64'].map(name => read(`arch-${name}`).need.architecture), ['x64', 'x64', 'x64', 'arm64', 'arm64']);
	t.deepEqual(read('cpu-intel', 'ram-disk', 'disk-', 'arch-linux').need, {}, 'labels of somebody else');
});

test('an image is named by architecture, kind and name, which may hold dashes', t => {
	t.deepEqual(read('image-x86-app-docker-ce').image, {architecture: 'x64', kind: 'app', name: 'docker-ce'});
	t.deepEqual(read('image-arm-system-ubuntu-22.04').image, {architecture: 'arm64', kind: 'system', name: 'ubuntu-22.04'});
	t.is(read('image-x86-system-debian-12', 'image-x86-snapshot-My Snapshot').image?.name, 'my snapshot', 'the last one counts, in lower case');
	t.is(read('image-builder').malformed?.label, 'image-builder');
});

test('networks, scripts, volumes', t => {
	t.is(read('net-ipv4').network, 'ipv4');
	t.is(read('net-ipv6').network, 'ipv6');
	t.is(read('net-ipv4', 'net-ipv6').network, undefined);
	t.deepEqual(read('setup-docker', 'startup-slow', 'recycle-x').scripts, {setup: 'docker', startup: 'slow'});
	t.is(read('volume-cache-20GB').volume, 'volume-cache-20GB');
});

test('with a prefix only labels that begin with it are wishes, composites and meta labels too', t => {
	const language = {prefix: 'hrt', metaLabels: new Map([['big', ['hrt-type-cx53-cx43', 'fast']]])};
	t.like(readWishes(['self-hosted', 'type-cx33', 'HRT-in-nbg1', 'Big'], language), {
		serverTypes: ['cx53', 'cx43'], locations: ['nbg1'], labels: ['self-hosted', 'type-cx33', 'HRT-in-nbg1', 'Big', 'hrt-type-cx53-cx43', 'fast'],
	});
	t.deepEqual(readWishes(['arm64', 'server-cx23'], language).need, {architecture: 'arm64'}, 'GitHub\'s own label needs none');
});

test('a runner gets the job\'s labels and what its meta labels stand for, each once', t => {
	t.deepEqual(expandLabels(['a', 'm', 'b'], {prefix: '', metaLabels: new Map([['m', ['b', 'c', 'm']]])}), ['a', 'm', 'b', 'c']);
});

test('whatever a label is, it is read without an error and never lost', t => {
	fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.tuple(fc.constantFrom('type-', 'in-', 'image-', 'net-', 'cpu-', 'volume-', 'setup-'), fc.string()).map(([form, value]) => form + value))), labels => {
		t.true(new Set(readWishes(labels, plainLanguage).labels).isSupersetOf(new Set(labels)));
	}));
});
