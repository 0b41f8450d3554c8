import * as z from 'zod';
import type {RunnerId} from '../model/runner.ts';
import {PortError, type GitHub, type JitAnswer} from '../scaler/ports.ts';
import {cleanText} from '../model/clean-text.ts';
import type {Client} from './client.ts';
import type {Asked} from './errors.ts';

/**
The runner group of every runner that belongs to one repository alone: "Default". Only organisations have others.
*/
const repositoryGroup = 1;
const workFolder = '_work';
const route = 'POST /repos/{owner}/{repo}/actions/runners/generate-jitconfig';
const asked: Asked = {doing: 'getting a just-in-time runner configuration in the runner group Default', permission: 'Administration: read and write'};

const body = z.object({runner: z.object({id: z.int().positive()}), encoded_jit_config: z.string().min(1)});
const message = z.object({message: z.string()});

/**
Just-in-time configurations. A request whose answer was lost is never repeated here: its name may be taken by it (runs-on/runs-on#30, ubicloud/ubicloud#692).
*/
export function jitConfigs(client: Client): Pick<GitHub, 'jitConfig' | 'mayMint'> {
	return {
		async jitConfig({name, labels}) {
			let answer: Awaited<ReturnType<Client['ask']>>;
			try {
				answer = await client.ask(route, {
					name, labels, runner_group_id: repositoryGroup, work_folder: workFolder,
				}, asked, {expect: [404, 409, 422], retries: 0});
			} catch (error) {
				if (error instanceof PortError && error.kind === 'unreachable') {
					return {outcome: 'unknown', error};
				}

				throw error;
			}

			return answerOf(answer, client);
		},
		// GitHub looks at rights first and at the request then: one without a name is refused for its form by who would take a whole one.
		async mayMint() {
			const {status} = await client.ask(route, {name: ''}, asked, {expect: [400, 404, 422]});
			return status === 404 ? 'noEndpoint' : 'yes';
		},
	};
}

function answerOf({status, data}: {readonly status: number; readonly data: unknown}, client: Client): JitAnswer {
	const words = cleanText(message.safeParse(data).data?.message ?? '').trim();
	switch (status) {
		case 404: {
			return {outcome: 'noEndpoint'};
		}

		case 409: {
			return {outcome: 'taken'};
		}

		case 422: {
			return {outcome: 'invalid', answer: words === '' ? '422' : `422 ${words}`};
		}

		default: {
			const parsed = body.safeParse(data);
			return parsed.success
				? {outcome: 'minted', config: parsed.data.encoded_jit_config, id: parsed.data.runner.id as RunnerId}
				: {outcome: 'unknown', error: client.broken(asked, 'it is no configuration')}; // Without the answer's own words: they may hold one.
		}
	}
}
