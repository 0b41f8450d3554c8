import type {Architecture} from './placement.ts';

/**
GitHub compares labels without case (upstream failure 60069af).
*/
export function foldLabel(label: string): string {
	return label.toLowerCase();
}

/**
A set of labels as one comparable text: folded, sorted, without doubles. JSON, so that no label can forge a separator.
*/
export function labelSetKey(labels: readonly string[]): string {
	return JSON.stringify([...new Set(labels.map(label => foldLabel(label)))].toSorted());
}

/**
The labels of `wanted` that `offered` lacks; empty: a runner with the offered labels can take the job.
*/
export function missingLabels(wanted: readonly string[], offered: readonly string[]): readonly string[] {
	const have = new Set(offered.map(label => foldLabel(label)));
	return wanted.filter(label => !have.has(foldLabel(label)));
}

/**
The labels that config.sh adds to every runner by itself.
*/
export function ownLabels(architecture: Architecture): readonly string[] {
	return ['self-hosted', 'Linux', architecture === 'arm64' ? 'ARM64' : 'X64'];
}
