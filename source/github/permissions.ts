import type {AnswerHeaders} from './request-limits.ts';

/**
A right as GitHub's pages call it, such as "Administration: read and write".
*/
export type Permission = 'Actions: read' | 'Administration: read' | 'Administration: read and write';

/**
Which rights would let a request in, in words: what the answer itself names in X-Accepted-GitHub-Permissions ("actions=read;
administration=read,metadata=read": any of the sets
between semicolons, each of them whole; github.blog/changelog/2023-08-10), else what is known of that request.
*/
export function acceptedPermissions(headers: AnswerHeaders, otherwise: Permission): string {
	const sets = String(headers['x-accepted-github-permissions'] ?? '').split(';')
		.map(set => set.split(',').flatMap(right => describeRight(right.trim())))
		.filter(rights => rights.length > 0)
		.map(rights => rights.map(right => `"${right}"`).join(' and '));
	return sets.length === 0 || sets.length > 3 ? `"${otherwise}"` : [...new Set(sets)].join(', or ');
}

function describeRight(right: string): readonly string[] {
	const {name, level} = /^(?<name>[_a-z]{1,60})=(?<level>read|write|admin)$/v.exec(right)?.groups ?? {};
	return name === undefined || level === undefined ? [] : [describePermission(name, level)];
}

/**
A right in the words of GitHub's pages: "Administration: read and write" for administration=write.
*/
export function describePermission(name: string, level: string): string {
	const isOfOrganization = name.startsWith('organization_');
	const words = (isOfOrganization ? name.slice('organization_'.length) : name).replaceAll('_', ' ');
	return `${words.charAt(0).toUpperCase()}${words.slice(1)}${isOfOrganization ? ' (organization)' : ''}: ${level === 'write' ? 'read and write' : level}`;
}
