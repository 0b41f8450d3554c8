import {ReadOnlyError, type Controller, type EngineState} from '../scaler/controller.ts';
import type {HostScript} from '../scaler/ports.ts';

/**
The same engine with read-only access: every changing call is refused,
its state says so, and scripts of one's own, which others on the machine
may not read, are not shown.
*/
export function viewOnly(controller: Controller): Controller {
	const refuse = async (): Promise<never> => {
		throw new ReadOnlyError();
	};

	let shown: {readonly of: EngineState['policy']; readonly policy: EngineState['policy']} | undefined;
	return {
		...controller,
		state() {
			const state = controller.state();
			if (shown?.of !== state.policy) {
				// One for as long as it stays the same: consoles are told what changes.
				shown = {of: state.policy, policy: {...state.policy, isReadOnly: true}};
			}

			return {...state, policy: shown.policy};
		},
		setMode: refuse,
		readNow() {/* The socket refuses it. */},
		deleteServers: refuse,
		keepServer: refuse,
		setMaxRunners: refuse,
		drainServer: refuse,
		async scripts() {
			const {setup, startupX64, startupArm64, named} = await controller.scripts();
			return {
				setup: withoutOwnText(setup), startupX64: withoutOwnText(startupX64), startupArm64: withoutOwnText(startupArm64),
				named: named.map(({name}) => ({name, text: hiddenText})),
			};
		},
		async scriptText(hash) {
			const text = await controller.scriptText(hash);
			const {setup, startupX64, startupArm64} = await controller.scripts();
			return text === undefined || [setup, startupX64, startupArm64].some(script => script.source === 'built in' && script.text === text) ? text : hiddenText;
		},
		async close() {/* The engine is not theirs to end. */},
	};
}

const hiddenText = '# A script of this engine\'s own: only who may act sees it.\n';

function withoutOwnText(script: HostScript): HostScript {
	return script.source === 'built in' ? script : {...script, text: hiddenText};
}
