import {isKnownFlavor, type Catalogue, type Image} from './catalogue.ts';
import type {Architecture} from './placement.ts';
import type {Policy} from './policy.ts';
import type {Unservable} from './unservable.ts';
import type {Wishes} from './wishes.ts';

/**
The name or number of the image in that architecture; undefined: there is none.
*/
export function imageFor({image: wish}: Wishes, architecture: Architecture, policy: Pick<Policy, 'image'>, catalogue: Catalogue | undefined): string | undefined {
	if (wish === undefined) {
		return catalogue === undefined || catalogue.imageArchitectures.has(architecture) ? policy.image : undefined;
	}

	if (wish.architecture !== architecture) {
		return undefined;
	}

	if (catalogue === undefined) {
		return wish.kind === 'system' || wish.kind === 'app' ? wish.name : undefined;
	}

	const found = catalogue.images.find(image => image.architecture === architecture && isWished(image, wish));
	return found === undefined ? undefined : String(found.id);
}

function isWished(image: Image, wish: NonNullable<Wishes['image']>): boolean {
	return image.kind === wish.kind && image.architecture === wish.architecture && nameOf(image) === wish.name;
}

/**
An image that a label names is checked like the configured one: on a system
that its setup script does not know, a server would be paid for nothing.
*/
export function unfitImage({image: wish, scripts}: Wishes, {hasOwnSetup}: Pick<Policy, 'hasOwnSetup'>, catalogue: Catalogue | undefined): Unservable | undefined {
	const image = wish === undefined ? undefined : catalogue?.images.find(one => isWished(one, wish));
	return image === undefined || wish === undefined || hasOwnSetup === true || scripts.setup !== undefined || isKnownFlavor(image.flavor)
		? undefined
		: {why: 'unknownSystem', image: wish.name, flavor: image.flavor ?? 'unknown'};
}

// Labels are read in lower case.
function nameOf({kind, name, description}: Image): string {
	return (kind === 'system' || kind === 'app' ? name ?? '' : description).toLowerCase();
}
