import { createMailbox } from './caught/page.ts';

createMailbox();
