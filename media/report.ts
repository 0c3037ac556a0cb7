import { createReport } from './report/page.ts';

createReport();
