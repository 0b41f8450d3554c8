import {
	use, useLayoutEffect, useRef, type ComponentProps, type ReactElement,
} from 'react';
import {Box, measureElement, type DOMElement} from 'ink';
import type {Geometry} from '../state/geometry.ts';
import {SurfaceContext} from './line.tsx';

const noElement = null;

/**
A box whose place and size others ask for by its name: how far a page goes, what a click is on.
*/
export function Region({name, ...box}: ComponentProps<typeof Box> & {readonly name: string}): ReactElement {
	const {regions} = use(SurfaceContext);
	const element = useRef<DOMElement>(noElement);
	useLayoutEffect(() => {
		const {current} = element;
		if (current !== noElement) {
			regions.set(name, current);
		}

		return () => {
			if (regions.get(name) === current) {
				regions.delete(name);
			}
		};
	}, [regions, name]);
	return <Box ref={element} {...box}/>;
}

/**
Where Yoga has put the regions.
*/
export function geometryOf(regions: ReadonlyMap<string, DOMElement>): Geometry {
	return new Map([...regions].map(([name, element]) => {
		const {
			x, y, width, height,
		} = measureElement(element);
		return [name, {
			left: x, top: y, width, height,
		}];
	}));
}
