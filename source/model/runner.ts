export type RunnerId = number & {readonly of: 'runner'};

/**
A self-hosted runner's record at GitHub. Its name is its server's name.
*/
export type Runner = {
	readonly id: RunnerId;
	readonly name: string;
	/**
	Whether it is connected. An offline one may still be working (actions/runner #3892).
	*/
	readonly isOnline: boolean;
	/**
	Whether GitHub says it has a job. Believe `false` only with more evidence: it lies (actions/runner #4422).
	*/
	readonly isBusy: boolean;
	readonly labels: readonly string[];
	/**
	Whether its record ends with its first job; undefined where GitHub does not say.
	*/
	readonly isEphemeral?: boolean | undefined;
	/**
	The runner program's version; undefined until it first connected.
	*/
	readonly version: string | undefined;
};
