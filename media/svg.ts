import type xterm from '@xterm/headless';

// One cell of the picture, in pixels; the letters' size fits it in every common monospace font.
const cellWidth = 8.43;
const cellHeight = 16;
const fontSize = 14;
const margin = 12;
const paper = '#0d1117';
const ink = '#d0d7de';
const dimmed = '#7d8590';

const basic = [
	'#484f58',
	'#ff7b72',
	'#3fb950',
	'#d29922',
	'#58a6ff',
	'#bc8cff',
	'#39c5cf',
	'#b1bac4',
	'#7d8590',
	'#ffa198',
	'#56d364',
	'#e3b341',
	'#79c0ff',
	'#d2a8ff',
	'#56d4dd',
	'#f0f6fc',
];

type Style = {readonly fill: string; readonly back: string; readonly isBold: boolean};
type Run = {readonly at: number; readonly text: string; readonly width: number; readonly style: Style};

/**
What is on that terminal as an SVG picture that needs no font file: a text for each run of cells that look alike.
*/
export function svgOf(view: xterm.Terminal): string {
	return picture(view, rowsOf(view));
}

/**
One moment of a recording: what each row of the terminal showed, in SVG, and when, seconds from its beginning.
*/
export type Moment = {readonly at: number; readonly rows: readonly string[]};

export function rowsOf(view: xterm.Terminal): readonly string[] {
	return Array.from({length: view.rows}, (_, row) => runsOf(view, row).map(run => drawRun(run, row)).join(''));
}

/**
A recording of so many seconds that plays again and again by itself. Each row is there once for each time it changed.
*/
export function recordingOf(view: xterm.Terminal, moments: readonly Moment[], seconds: number): string {
	const shown = Array.from({length: view.rows}, (_, row) => {
		const changes = moments.filter(({rows}, index) => rows[row] !== moments[index - 1]?.rows[row]);
		return changes.map(({at, rows}, index) => {
			const text = rows[row] ?? '';
			const until = changes[index + 1]?.at ?? seconds;
			return text === '' ? '' : `<g visibility="hidden">${text}<set attributeName="visibility" to="visible" begin="t.begin+${round(at)}s" dur="${round(until - at)}s"/></g>`;
		}).join('');
	});
	return picture(view, [`<rect width="0" height="0"><animate id="t" attributeName="x" from="0" to="0" dur="${seconds}s" begin="0s;t.end"/></rect>`, ...shown]);
}

function picture(view: xterm.Terminal, rows: readonly string[]): string {
	const width = round((view.cols * cellWidth) + (2 * margin));
	const height = (view.rows * cellHeight) + (2 * margin);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="${fontSize}" fill="${ink}" xml:space="preserve">`,
		`<rect width="100%" height="100%" rx="8" fill="${paper}"/>`,
		...rows.filter(row => row !== ''),
		'</svg>',
		'',
	].join('\n');
}

function runsOf(view: xterm.Terminal, row: number): readonly Run[] {
	const line = view.buffer.active.getLine(view.buffer.active.baseY + row);
	const runs: Run[] = [];
	for (let column = 0; column < view.cols; column++) {
		const cell = line?.getCell(column);
		const width = cell?.getWidth() ?? 1;
		if (cell === undefined || width === 0) { // The second half of a wide character.
			continue;
		}

		const chars = cell.getChars();
		const text = chars === '' ? ' ' : chars;
		const style = styleOf(cell);
		const last = runs.at(-1);
		// A sign that another font may draw wider stands alone, so that it moves nothing behind it.
		if (last !== undefined && isPlain(text) && isPlain(last.text.slice(-1)) && isSame(last.style, style)) {
			runs[runs.length - 1] = {...last, text: last.text + text, width: last.width + width};
		} else {
			runs.push({
				at: column, text, width, style,
			});
		}
	}

	return runs.filter(run => run.text.trim() !== '' || run.style.back !== paper);
}

function drawRun({at, text, width, style}: Run, row: number): string {
	const x = round(margin + (at * cellWidth));
	const y = margin + (row * cellHeight);
	const back = style.back === paper ? '' : `<rect x="${x}" y="${y}" width="${round(width * cellWidth)}" height="${cellHeight}" fill="${style.back}"/>`;
	if (text.trim() === '') {
		return back;
	}

	const indent = text.length - text.trimStart().length;
	const shown = text.trim();
	const fill = style.fill === ink ? '' : ` fill="${style.fill}"`;
	const weight = style.isBold ? ' font-weight="bold"' : '';
	// The length is given, so that a font of another width keeps the columns.
	const columns = isPlain(shown) ? shown.length : width;
	const length = columns > 1 && isPlain(shown) ? ` textLength="${round(columns * cellWidth)}"` : '';
	return `${back}<text x="${round(x + (indent * cellWidth))}" y="${y + 12}"${fill}${weight}${length}>${escaped(shown)}</text>`;
}

function styleOf(cell: xterm.IBufferCell): Style {
	const front = cell.isFgDefault() ? (cell.isDim() === 0 ? ink : dimmed) : colourOf(cell.getFgColor(), cell.isFgRGB());
	const back = cell.isBgDefault() ? paper : colourOf(cell.getBgColor(), cell.isBgRGB());
	const isBold = cell.isBold() !== 0;
	return cell.isInverse() === 0 ? {fill: front, back, isBold} : {fill: back, back: front, isBold};
}

function colourOf(value: number, isTrueColour: boolean): string {
	if (isTrueColour) {
		return `#${value.toString(16).padStart(6, '0')}`;
	}

	if (value < 16) {
		return basic[value] ?? ink;
	}

	if (value >= 232) { // The greys.
		return `#${(8 + ((value - 232) * 10)).toString(16).padStart(2, '0').repeat(3)}`;
	}

	const cube = value - 16;
	return `#${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(step => (step === 0 ? 0 : 55 + (step * 40)).toString(16).padStart(2, '0')).join('')}`;
}

// ASCII and the frame's lines, which every monospace font draws one cell wide.
function isPlain(text: string): boolean {
	return /^[\p{ASCII}·…€─│┌┐└┘├┤]+$/v.test(text);
}

function isSame(one: Style, other: Style): boolean {
	return one.fill === other.fill && one.back === other.back && one.isBold === other.isBold;
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(pixels: number): number {
	return Math.round(pixels * 10) / 10;
}
