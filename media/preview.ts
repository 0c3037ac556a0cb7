import { createPage } from './preview/page.ts';

createPage();
