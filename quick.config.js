import all, {slow} from './ava.config.js';

export default {...all, files: [...all.files.filter(pattern => !pattern.startsWith('test/lab/')), ...slow.map(pattern => `!${pattern}`)]};
