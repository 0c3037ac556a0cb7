/** The way to an engine. The editor loads it on first use, with the protocol's transport. */
export { attachEngine, startEngine } from './startEngine.ts';
