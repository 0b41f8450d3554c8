import type {PaneName} from '../../panes/registry.ts';
import type {ScreenState} from '../registry.ts';

/**
The details of a row. `top`: lines of output scrolled back from its end, which it follows.
*/
export type DetailState = {readonly at: 'detail'; readonly pane: PaneName; readonly id: string; readonly top: number; readonly under: ScreenState};

export function openDetail(pane: PaneName, id: string, under: ScreenState): DetailState {
	return {
		at: 'detail', pane, id, top: 0, under,
	};
}
