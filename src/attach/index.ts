/** Attaching to an engine. The editor loads this on first use, with the protocol's transport. */
export { attachEngine, startEngine } from './startEngine.ts';
