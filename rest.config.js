import all, {slow} from './ava.config.js';

const [, ...exceptions] = all.files;
export default {...all, files: [...slow, ...exceptions]};
