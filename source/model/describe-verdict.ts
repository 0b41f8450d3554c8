// What verdicts say to a person.
export {describeJobVerdict} from './describe-verdict/jobs.ts';
export {describeRunnerVerdict} from './describe-verdict/runners.ts';
export {describeServerVerdict, describeZombieReason} from './describe-verdict/servers.ts';
