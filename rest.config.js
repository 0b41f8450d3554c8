import all, {helpers, slow} from './ava.config.js';

export default {...all, files: [...slow, ...helpers]};
