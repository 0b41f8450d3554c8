import type {Rng} from '../chance.ts';
import type {Corruption} from '../faults.ts';
import type {Reply} from './message.ts';

type Row = Readonly<Record<string, unknown>>;

/**
A good answer of which something is wrong: rows that are missing or there twice, fields that are null, of another type, or unknown. Announced numbers stay.
*/
export function corrupt(reply: Reply, how: Corruption, rng: Rng): Reply {
	if (reply.status >= 300 || !isRow(reply.body)) {
		return reply;
	}

	const entry = Object.entries(reply.body).find(([, value]) => Array.isArray(value));
	if (entry === undefined) {
		return {...reply, body: corruptRow(reply.body, how, rng)};
	}

	const [key, list] = entry;
	const rows: readonly unknown[] = Array.isArray(list) ? list : [];
	return {...reply, body: {...reply.body, [key]: corruptRows(rows, how, rng)}};
}

function corruptRows(rows: readonly unknown[], how: Corruption, rng: Rng): readonly unknown[] {
	switch (how) {
		case 'lostRows': {
			return rows.filter(() => rng.below(2) === 0);
		}

		case 'doubledRows': {
			return [...rows, ...rows.slice(0, 1)];
		}

		case 'nullFields':
		case 'wrongTypes':
		case 'unknownFields': {
			return rows.map(row => isRow(row) ? corruptRow(row, how, rng) : row);
		}
	}
}

function corruptRow(row: Row, how: Corruption, rng: Rng): Row {
	if (how === 'unknownFields') {
		return {...row, added_in_2027: {why: 'nobody knows', at: [1, null, 'x']}};
	}

	const keys = Object.keys(row);
	return keys.length === 0 || (how !== 'nullFields' && how !== 'wrongTypes') ? row : {...row, [rng.pick(keys)]: how === 'nullFields' ? null : rng.pick([{}, [], '', -1, true, 'ñ'])};
}

function isRow(value: unknown): value is Row {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
