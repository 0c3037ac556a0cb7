/** What the network says about a sender. A separate bundle: the engine and the command line load it on demand. */
export { askEvidence } from './askEvidence.ts';
export type { EvidencePorts } from './ports.ts';
