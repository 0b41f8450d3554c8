import * as z from 'zod';

// The configuration file of testflows' github-hetzner-runners, key by key: what its parser takes, and nothing that it refuses.

const text = z.string('must be a text');
const flag = z.boolean('must be true or false');
const labels = z.array(text, 'must be a list of texts');
const object = z.looseObject({}, 'must hold keys and values');

function whole(least: number, most?: number) {
	const words = most === undefined ? `must be a whole number of at least ${least}` : `must be a whole number from ${least} to ${most}`;
	return z.int(words).min(least, words).max(most ?? Number.MAX_SAFE_INTEGER, words);
}

const limit = z.strictObject({labels: labels.min(1, 'must name a label'), max: whole(1)}, 'must hold "labels" and "max"');
const standby = z.strictObject({labels: labels.optional(), count: whole(1).optional(), replenish_immediately: flag.optional()}, 'must hold "labels", "count" and "replenish_immediately"');

/**
What stands under its `config:`, without the keys whose value is null (they mean nothing there).
*/
export const theirConfig = z.object({
	github_token: text,
	github_repository: text,
	hetzner_token: text,
	ssh_key: text,
	additional_ssh_keys: labels,
	with_label: labels,
	label_prefix: text,
	meta_label: z.record(text, labels, 'must hold names, each with a list of labels'),
	recycle: flag,
	recycle_without_rebuild: flag,
	recycle_grace_period: whole(0),
	end_of_life: whole(1, 59),
	delete_random: flag,
	max_runners: whole(1),
	max_runners_for_label: z.array(limit, 'must be a list of limits'),
	max_runners_in_workflow_run: whole(1),
	default_image: text.regex(/^[^:]+:(?:system|snapshot|backup|app):.+$/v, 'must have the form ARCHITECTURE:TYPE:NAME, such as x86:system:ubuntu-22.04'),
	default_server_type: text,
	default_location: text,
	default_volume_location: text,
	default_volume_size: whole(1),
	workers: whole(1),
	scripts: text,
	max_powered_off_time: whole(1),
	max_unused_runner_time: whole(1),
	max_runner_registration_time: whole(1),
	max_server_ready_time: whole(1),
	scale_up_interval: whole(1),
	scale_down_interval: whole(1),
	metrics_port: whole(1, 65_535),
	metrics_host: text,
	dashboard_port: whole(1, 65_535),
	dashboard_host: text,
	debug: flag,
	logger_config: object,
	logger_format: object,
	cloud: object,
	standby_runners: z.array(standby, 'must be a list of groups'),
	// Earlier versions had them, today's refuses them.
	setup_script: text,
	startup_x64_script: text,
	startup_arm64_script: text,
}).partial();

export type TheirConfig = z.infer<typeof theirConfig>;

export type TheirKey = keyof TheirConfig;

/**
Whether their program knows that key.
*/
export function isTheirKey(key: string): key is TheirKey {
	return Object.hasOwn(theirConfig.shape, key);
}

export const theirKeys: readonly string[] = Object.keys(theirConfig.shape);
