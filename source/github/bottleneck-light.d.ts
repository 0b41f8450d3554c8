// The half of bottleneck that the throttling plugin itself uses; its types are those of the whole.
declare module 'bottleneck/light.js' {
	export {default} from 'bottleneck';
}
