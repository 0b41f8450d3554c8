import {span, type Span} from '../../components/spans.ts';

/**
The same text in spans, with every place lit at which the wanted one stands, whatever its case and wherever spans part it.
*/
export function highlight(spans: readonly Span[], query: string): readonly Span[] {
	const wanted = query.toLowerCase();
	const text = spans.map(one => one.text).join('').toLowerCase();
	if (wanted === '' || !text.includes(wanted)) {
		return spans;
	}

	const lit = new Set<number>();
	for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
		for (let place = at; place < at + wanted.length; place++) {
			lit.add(place);
		}
	}

	let place = 0;
	return spans.flatMap(one => {
		const parts: Span[] = [];
		let from = 0;
		for (let at = 1; at <= one.text.length; at++) {
			if (at === one.text.length || lit.has(place + at) !== lit.has(place + from)) {
				parts.push(span(one.text.slice(from, at), lit.has(place + from) ? 'match' : one.role));
				from = at;
			}
		}

		place += one.text.length;
		return parts;
	});
}
