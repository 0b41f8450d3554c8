// Whoever opens a pull request writes names of jobs, workflows and branches, and labels: they must reach a terminal, a log, JSON and CSV
// as harmless text.
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {cleanJson, cleanLines, cleanText} from '../../source/model/clean-text.ts';
import {span} from '../../source/console/components/spans.ts';
import {cellsOf} from '../../source/console/render/cells.ts';

// Every code that a terminal obeys, reorders by or draws as nothing, by its own.
const harmful = [
	...Array.from({length: 32}, (_, code) => code).filter(code => code !== 9 && code !== 10),
	0x7F,
	...Array.from({length: 32}, (_, at) => 0x80 + at),
	0x00_AD,
	0x03_4F,
	0x06_1C,
	0x11_5F,
	0x11_60,
	0x17_B4,
	0x18_0E,
	0x20_0B,
	0x20_0E,
	0x20_0F,
	0x20_28,
	0x20_29,
	0x20_2A,
	0x20_2E,
	0x20_60,
	0x20_64,
	0x20_66,
	0x20_69,
	0x31_64,
	0xFE_FF,
	0xFF_A0,
	0x1_D1_73,
	0xE_00_01,
	0xE_00_41,
	0xE_01_00,
].map(code => String.fromCodePoint(code));

test('no such character is left, whichever door the text takes, and JSON still holds it', t => {
	for (const character of harmful) {
		const text = `a${character}b`;
		t.is(cleanText(text), 'a\u{FFFD}b', JSON.stringify(text));
		t.is(cleanLines(`${text}\n\t`), 'a\u{FFFD}b\n\t');
		const json = cleanJson(JSON.stringify({text}, undefined, '\t'));
		t.false(json.includes(character) && character !== '\t');
		t.deepEqual(JSON.parse(json), {text});
	}

	t.is(cleanText('\u{200D}a\u{200C}b\u{FE0F}'), '\u{FFFD}a\u{FFFD}b\u{FFFD}');
});

test('what people write in earnest stays', t => {
	for (const text of ['ci / test', 'größe', '测试', 'می‌خواهم', 'क्‍ष', '👩‍💻', '🏳️‍🌈', '❤️', '👍🏽', '☎️ a', '']) {
		t.is(cleanText(text), text);
	}
});

test('no command writes to standard output or error but through the door', t => {
	const folder = 'source/commands';
	const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('.ts') && !['say.ts', 'logs.ts'].includes(file)).map(file => path.join(folder, file));
	t.deepEqual(files.filter(file => /std(?:out|err)\.write\(|console\.(?:log|error)/v.test(readFileSync(file, 'utf8'))), []);
});

test('a link leads to https or nowhere', t => {
	const linkOf = (href: string): string | undefined => cellsOf([{...span('text'), href}], () => '', true).cells[0]?.href;
	t.is(linkOf('https://github.com/acme/widgets'), 'https://github.com/acme/widgets');
	for (const href of ['http://github.com/', 'file:///etc/passwd', 'data:text/html,x', 'ssh://host', 'x-man-page://ls', 'https://a b', 'https://a\u{7}']) {
		t.is(linkOf(href), undefined, href);
	}
});
