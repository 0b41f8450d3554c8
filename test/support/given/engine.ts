// An engine on a simulated world whose clock stands still until a test lets time pass.
import type {Policy} from '../../../source/model/policy.ts';
import {describeEvent} from '../../../source/model/event.ts';
import type {JobVerdict, ServerVerdict} from '../../../source/model/verdict.ts';
import type {Controller} from '../../../source/scaler/controller.ts';
import {engineController} from '../../../source/scaler/engine-controller.ts';
import {createEngine, type Engine} from '../../../source/scaler/engine.ts';
import type {HostScripts} from '../../../source/scaler/ports.ts';
import {given, type Given, type GivenOptions} from '../../../source/simulator/given.ts';
import {inProcessPorts} from '../../../source/simulator/ports/in-process.ts';
import {givenPolicy} from './model.ts';

export type EngineDay = Given & {
	readonly engine: Engine;
	readonly controller: Controller;
	/**
	What the engine says of the first job of that name; undefined when it does not know it.
	*/
	readonly jobVerdict: (name: string) => JobVerdict | undefined;
	readonly serverVerdicts: () => readonly ServerVerdict[];
	/**
	All that Activity holds, as people read it.
	*/
	readonly trace: () => string;
	/**
	Lets time pass until that holds; throws with the trace when it does not within so many seconds.
	*/
	readonly wait: (what: string, condition: () => boolean, seconds?: number) => Promise<void>;
	/**
	Another engine on the same world: a rival, or this one after a restart.
	*/
	readonly another: (changes?: Partial<Policy>) => Engine;
	readonly end: () => Promise<void>;
};

const about = {version: '0.0.0', clockSpeed: 1};

export function givenEngine(options: GivenOptions, changes: Partial<Policy> = {}, scripts?: HostScripts): EngineDay {
	const day = given(options);
	const more = scripts === undefined ? {} : {scripts};
	const engine = createEngine({...day.ports, ...more}, givenPolicy(changes), about);
	const started: Engine[] = [engine];
	void engine.run();
	const controller = engineController(engine);
	const trace = () => engine.state().activity.map(({at, event}) => `${new Date(at).toISOString().slice(11, 19)} ${describeEvent(event)}`).join('\n');
	return {
		...day,
		engine,
		controller,
		jobVerdict(name) {
			const found = engine.state().jobs.items.find(job => job.name === name);
			return found === undefined ? undefined : engine.state().jobVerdicts.get(found.id);
		},
		serverVerdicts: () => [...engine.state().serverVerdicts.values()],
		trace,
		async wait(what, condition, seconds = 3600) {
			const isSo = await day.clock.passUntil(condition, seconds);
			if (!isSo) {
				throw new Error(`not within ${seconds} s: ${what} (seed ${day.world.seed})\n${trace()}`);
			}
		},
		another(other = {}) {
			const rival = createEngine(inProcessPorts(day.world, more), givenPolicy({...changes, ...other}), about);
			started.push(rival);
			void rival.run();
			return rival;
		},
		async end() {
			const stopped = Promise.all(started.map(async one => one.stop()));
			await day.pass(15);
			await stopped;
		},
	};
}
