// Whatever is commanded in whatever order, the promises hold. Fast-check shrinks a failure to the fewest commands and prints its seed.
// The same hundred days each time; others, and more: COMMANDS_SEED=7 COMMANDS_RUNS=2000 npx ava test/simulation/commands.ts
import process from 'node:process';
import test from 'ava';
import fc from 'fast-check';
import {rngFor} from '../../source/simulator/chance.ts';
import {badOutcomes, troubles} from '../soak/troubles.ts';
import {commandedDay, type CommandedDay} from '../support/commanded-day.ts';

/**
What must have happened for a command to make sense.
*/
type Model = {runs: number; faults: number};
type Command = fc.AsyncCommand<Model, CommandedDay>;

const ann = {name: 'ann'};
const always = () => true;

function command(words: string, check: (model: Readonly<Model>) => boolean, run: (model: Model, day: CommandedDay) => Promise<void> | void): Command {
	return {
		check,
		async run(model, day) {
			await run(model, day);
			await day.pass(1);
		},
		toString: () => words,
	};
}

// A GitHub that hides a job, calls its runner idle and lets go of it as well cannot be outwitted: nothing is hidden here.
const names = Object.keys(troubles).filter(name => !name.startsWith('stale') && name !== 'GitHub slow');

const commands: Array<fc.Arbitrary<Command>> = [
	fc.tuple(fc.integer({min: 1, max: 4}), fc.integer({min: 5, max: 400}), fc.constantFrom('ok', 'ok', 'ok', ...badOutcomes)).map(([count, durationSeconds, outcome]) =>
		command(`add ${count} jobs of ${durationSeconds} s, ${outcome}`, always, (model, day) => {
			model.runs++;
			day.world.addRun({
				workflow: `run ${model.runs}`, jobs: Array.from({length: count}, (_, index) => ({
					name: `job ${model.runs}.${index}`, labels: ['self-hosted'], durationSeconds, outcome,
				})),
			});
		})),
	fc.integer({min: 1, max: 400}).map(seconds => command(`${seconds} s pass`, always, async (_model, day) => day.pass(seconds))),
	fc.constantFrom(...names).map(name => command(`${name} begins`, always, (model, day) => {
		model.faults++;
		day.fault(troubles[name]?.(rngFor(1, name)) ?? {kind: 'saysIdle'});
	})),
	fc.constant(command('all troubles end', ({faults}) => faults > 0, (model, day) => {
		model.faults = 0;
		day.mend();
	})),
	fc.tuple(fc.constantFrom('vanish', 'powerOff', 'rename', 'stripLabels', 'delete', 'deleteTyped', 'keep', 'cancel'), fc.nat(9)).map(([operation, which]) =>
		command(`${operation} the ${which + 1}th`, ({runs}) => runs > 0, (_model, day) => {
			day.runOperation({operation, which});
		})),
	fc.constantFrom('scaling', 'paused', 'frozen', 'draining').map(mode => command(mode, always, async (_model, day) => day.engine().controller.setMode(mode, ann))),
	fc.constant(command('kill -9 and a new engine', always, (_model, day) => {
		day.restart();
	})),
];

test('whatever is commanded in whatever order, the promises hold', async t => {
	t.timeout(600_000);
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(fc.nat(999), fc.commands(commands, {maxCommands: 40, size: 'max'}), async (seed, all) => {
		const day = commandedDay(seed);
		await fc.asyncModelRun(() => ({model: {runs: 0, faults: 0}, real: day}), all);
		await day.end();
	}), {seed: Number(process.env.COMMANDS_SEED ?? 1), numRuns: Number(process.env.COMMANDS_RUNS ?? 100), includeErrorInReport: true}));
});
