import all, {slow} from './ava.config.js';

export default {...all, files: [...all.files, ...slow.map(pattern => `!${pattern}`)]};
