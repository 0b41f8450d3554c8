// The builders of model values and snapshots, under the path that most tests know.
export * from './given/model.ts';
export * from './given/planning.ts';
