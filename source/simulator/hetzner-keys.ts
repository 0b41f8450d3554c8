import type {ApiError} from './hetzner-errors.ts';
import type {SimulatedKey} from './hetzner-resources.ts';
import type {Schedule} from './schedule.ts';

/**
The SSH keys of a project.
*/
export function createKeys(schedule: Schedule) {
	const keys: SimulatedKey[] = [];
	let count = 0;
	const taken: ApiError = {
		status: 409, code: 'uniqueness_error', message: 'SSH key not unique', details: {fields: [{name: 'name'}]},
	};
	return {
		keys,
		addKey(name: string, publicKey: string, labels: Readonly<Record<string, string>> = {}): SimulatedKey | ApiError {
			if (keys.some(key => key.name === name || key.publicKey.split(' ', 2)[1] === publicKey.split(' ', 2)[1])) {
				return taken;
			}

			const key = {
				id: 9_800_000 + ++count, name, publicKey: publicKey.trim(), labels, createdAt: schedule.now(),
			};
			keys.push(key);
			return key;
		},
		updateKey(key: SimulatedKey, change: {readonly name?: string | undefined; readonly labels?: Readonly<Record<string, string>> | undefined}): ApiError | undefined {
			if (change.name !== undefined && keys.some(other => other !== key && other.name === change.name)) {
				return taken;
			}

			key.name = change.name ?? key.name;
			key.labels = change.labels ?? key.labels;
			return undefined;
		},
		removeKey(key: SimulatedKey): void {
			keys.splice(keys.indexOf(key), 1);
		},
	};
}
