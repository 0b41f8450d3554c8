import test from 'ava';
import {hideSecrets, hideTokenShapes} from '../../source/model/token-shapes.ts';

const letters = 'abcDEF0123456789';

// https://github.blog/changelog/2021-04-05-behind-githubs-new-authentication-token-formats: prefixes; installation tokens have been
// "ghs_APPID_JWT" since 2026-04-27.
test('tokens are masked by their beginning, whatever their length', t => {
	for (const token of [
		`ghp_${letters.repeat(2)}abcd`,
		`ghs_${letters.repeat(2)}abcd`,
		`ghs_691418_${letters.repeat(3)}.${letters.repeat(30)}-_.${letters.repeat(5)}`,
		`gho_${letters}`,
		`ghu_${letters}`,
		`ghr_${letters}`,
		`github_pat_11AAAAAAA0${letters}_${letters.repeat(4)}`,
		'AABCDEFGHIJKLMNOPQRSTUVWXYZ01',
	]) {
		t.is(hideTokenShapes(`+ curl -H "authorization: token ${token}" x`), '+ curl -H "authorization: token ***" x', token);
		t.is(hideTokenShapes(`TOKEN=${token}`), 'TOKEN=***');
	}
});

test('what is no token stays: names, hashes, paths', t => {
	for (const text of ['ghs_short', 'highs_and_lows_of_things', 'sha256 af4b794c1bc41d73d40535e3fe092a39f9679cd8d965954c2aca25a05ca41d32', 'gh-actions-runner-4821-9931', 'AABCDEFGHIJKLMNOPQRSTUVWXYZ0123']) {
		t.is(hideTokenShapes(text), text);
	}
});

test('any 32 characters in a row of a long secret are hidden, wherever a line was cut', t => {
	const secret = `eyJ${'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(60)}==`;
	for (let start = 0; start < 200; start++) {
		for (const before of ['', 'x', 'export CONFIG=', '+++']) {
			t.false(hideSecrets(`${before}${secret.slice(start, start + 32)}`, [secret]).includes(secret.slice(start, start + 32)), `${before} ${start}`);
		}
	}

	t.is(hideSecrets('sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 of a file', [secret]), 'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 of a file');
});
