/**
Painted lines over those of the screen; `top` and `left` count from 0.
*/
export type Dialog = {readonly top: number; readonly left: number; readonly width: number; readonly lines: readonly string[]};
