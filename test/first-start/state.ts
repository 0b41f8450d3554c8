import test from 'ava';
import {
	beginning, nextState, typeChoices, type Project,
} from '../../source/first-start/state.ts';
import type {Catalogue, ServerType} from '../../source/model/catalogue.ts';

const type = (name: string, hourlyMicros: number, changes: Partial<ServerType> = {}): readonly [string, ServerType] => [name, {
	name, architecture: 'x64', cores: 2, memoryGigabytes: 4, diskGigabytes: 40, likelyAt: new Set(), unavailableAfter: undefined, prices: new Map([['fsn1', {hourlyMicros, monthlyMicros: hourlyMicros * 600}]]), ...changes,
}];
const catalogue: Catalogue = {
	currency: 'EUR', locations: ['fsn1'], imageArchitectures: new Set(['x64']), images: [], serverTypes: new Map([type('cx33', 14_000), type('cpx11', 8000), type('cx23', 9000), type('cax11', 7000, {architecture: 'arm64'}), type('old', 1000, {prices: new Map()})]),
};
const project: Project = {catalogue, keys: [], keysElsewhere: []};

test('types that can be had with the image are offered, the usual one first, then the cheapest', t => {
	t.deepEqual(typeChoices(project, 'cx23').map(({value}) => value), ['cx23', 'cpx11', 'cx33']);
});

test('back goes one question back, and not while something is checked', t => {
	const begun = nextState(beginning({}), {type: 'answered', answers: {}});
	t.is(begun.step, 'repository');
	const asked = nextState(begun, {type: 'answered', answers: {githubRepository: 'acme/widgets'}});
	t.is(asked.step, 'githubToken');
	t.is(nextState(asked, {type: 'back'}).step, 'repository');
	const checking = nextState(asked, {type: 'checks', what: 'asking GitHub'});
	t.is(nextState(checking, {type: 'back'}), checking);
	const failed = nextState(checking, {type: 'failed', fault: 'no'});
	t.like(failed, {step: 'githubToken', fault: 'no', checking: undefined});
	t.true(failed.turn > asked.turn, 'the field is made anew');
});
