/** What the network says of a sender. A bundle of its own: the engine and the command line load it when they are asked. */
export { askEvidence } from './askEvidence.ts';
export type { EvidencePorts } from './ports.ts';
