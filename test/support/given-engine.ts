// The engine on a simulated world, under the path that most tests know.
export * from './given/engine.ts';
