import type {ServerName} from '../../model/server-name.ts';
import type {RunnerId} from '../../model/runner.ts';
import type {ServerId} from '../../model/server.ts';
import type {SetUp} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import {earlierServerLine, type Timeline} from '../controller.ts';
import type {Changeable} from '../engine-fields.ts';
import {withEntry, withoutEntry} from '../memory.ts';

/**
How many lines of a server's output are kept, and the timelines of how many servers that are gone.
*/
const outputLimit = 200;
const timelinesKept = 300;

/**
How long a just-in-time configuration is sure to last, seconds: GitHub does not say; ubicloud takes it for five minutes (ubicloud/ubicloud#2957).
*/
const configurationSeconds = 240;

/**
What setting servers up changes.
*/
export function setUpChanges(fields: Changeable) {
	const recordMoments = (name: ServerName, moments: Timeline) => {
		fields.timelines = withEntry(fields.timelines, name, {...moments, ...fields.timelines.get(name)});
		fields.changed();
	};

	const beginTimeline = (name: ServerName) => {
		fields.timelines = withoutEntry(fields.timelines, name);
		const output = fields.output.get(name) ?? [];
		if (output.length > 0 && output.at(-1) !== earlierServerLine) {
			fields.output = withEntry(fields.output, name, [...output, earlierServerLine].slice(-outputLimit));
		}
	};

	return {
		startFollowing(name: ServerName, end: AbortController): void {
			fields.following = withEntry(fields.following, name, end);
		},
		endFollowing(name: ServerName): void {
			fields.following = withoutEntry(fields.following, name);
			fields.changed();
		},
		recordSetUp(name: ServerName, setUp: SetUp): void {
			fields.setUps = withEntry(fields.setUps, name, setUp);
			fields.changed();
		},
		/**
		SSH has reached it: its scripts have their time from then on.
		*/
		recordReached(id: ServerId, at: Instant): void {
			fields.memory = {...fields.memory, reached: withEntry(fields.memory.reached, id, at)};
		},
		recordOutput(name: ServerName, line: string): void {
			fields.output = withEntry(fields.output, name, [...(fields.output.get(name) ?? []).slice(1 - outputLimit), line]);
			fields.changed();
		},
		/**
		That name is used from now on, whatever comes of it.
		*/
		recordMint(server: ServerName, name: string): void {
			const others = (fields.mints.get(server) ?? []).filter(one => one.name !== name);
			fields.mints = withEntry(fields.mints, server, [...others, {name, id: undefined}]);
		},
		/**
		GitHub has made that record.
		*/
		recordMinted(server: ServerName, name: string, id: RunnerId): void {
			const others = (fields.mints.get(server) ?? []).filter(one => one.name !== name);
			fields.mints = withEntry(fields.mints, server, [...others, {name, id}]);
			fields.mintRefusal = undefined;
		},
		recordMintRefusal(reason: string): void {
			fields.mintRefusal = {at: fields.ports.clock.now(), reason};
		},
		recordMintable(mintable: Instant | 'no'): void {
			fields.mintable = mintable;
		},
		/**
		A server took that many seconds from its configuration to the start of its runner.
		*/
		recordSetUpLength(seconds: number): void {
			if (seconds > configurationSeconds) {
				fields.slowSetUpSeconds = Math.max(fields.slowSetUpSeconds ?? 0, seconds);
			}
		},
		/**
		How runners register, and why: told once.
		*/
		recordRegistrationWay(text: string): void {
			if (fields.recordedWays.has(text)) {
				return;
			}

			fields.recordedWays = new Set([...fields.recordedWays, text]);
			fields.record({code: 'notice', text});
		},
		suspectToken(token: string | undefined): void {
			fields.suspectToken = token ?? fields.suspectToken;
		},
		/**
		Another server is about to be made under that name: nothing is known of it yet, its output stays above a line.
		*/
		beginTimeline,
		/**
		What is known under a name is the server's of that id from now on: an earlier server's moments go.
		*/
		claimTimeline(name: ServerName, serverId: ServerId): void {
			const known = fields.timelines.get(name)?.serverId;
			if (known !== undefined && known !== serverId) {
				beginTimeline(name);
			}

			if (known !== serverId) {
				recordMoments(name, {serverId});
			}
		},
		/**
		Adds to what is known of a server's life; a moment once set stays.
		*/
		recordMoments,
		/**
		A server is gone.
		*/
		forgetSetUp(name: ServerName): void {
			fields.setUps = withoutEntry(fields.setUps, name);
			fields.keptFor = withoutEntry(fields.keptFor, name);
			fields.mints = withoutEntry(fields.mints, name);
		},
		/**
		Of servers that are gone only the newest timelines stay.
		*/
		forgetOldTimelines(alive: Iterable<ServerName>): void {
			const kept = new Set([...[...fields.timelines.keys()].slice(-timelinesKept), ...alive]);
			fields.timelines = new Map([...fields.timelines].filter(([name]) => kept.has(name)));
			fields.output = new Map([...fields.output].filter(([name]) => kept.has(name)));
		},
	};
}
