import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { AttachOptions } from '../../attach/startEngine.ts';
import type { EngineClient } from '../../protocol/engineClient.ts';
import { engineFilePath } from '../../protocol/engineFile.ts';
import { UserError } from '../../shared/errors.ts';
import { resolvePath } from '../../shared/resolvePath.ts';
import { defaultStateDir } from '../../shared/stateDir.ts';
import { editorSetting } from '../settings.ts';
import { askStoreDecision, isDamagedStore } from './damagedStore.ts';
import type { EngineConnection, EngineConnector } from './engine.ts';
import { stageEngine } from './stageEngine.ts';

const WORKER_READY_MS = 20_000;

/**
 * How this window reaches the engine: the running one, else a new process that outlives the window, else, where no
 * process may be started, a thread of this window, which says that closing the window stops sending.
 */
export function engineConnector(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): EngineConnector {
  const version = String(context.extension.packageJSON.version);
  const options = (): AttachOptions => ({ stateDir: stateDirectory(), client: 'editor', version, log });
  let worker: Worker | undefined;

  const attach = async (): Promise<EngineConnection | null> => {
    const { attachEngine } = await loadAttach();
    const client = await attachEngine(options());
    return client && connectionOf(client, worker ? 'window' : 'detached');
  };
  const start = async (): Promise<EngineConnection> => {
    const [engineFile, { startEngine }] = await Promise.all([stageEngine(context), loadAttach()]);
    const detached = { ...options(), engineFile, execPath: process.execPath, detached: true };
    try {
      return connectionOf(await startEngine(detached), worker ? 'window' : 'detached');
    } catch (error) {
      if (isDamagedStore(error)) {
        const decision = await askStoreDecision(error);
        if (!decision) throw error;
        return connectionOf(await startEngine({ ...detached, decision }), 'detached');
      }
      if (error instanceof UserError && error.code !== 'engineStart') throw error;
      log.warn(`no process of its own: ${error instanceof Error ? error.message : String(error)}`);
      worker = startWorker(engineFile, detached.stateDir, version, log);
      const client = await attachWithin(detached, WORKER_READY_MS);
      if (!client) {
        await worker.terminate();
        worker = undefined;
        throw error;
      }
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'The sending engine runs inside this window: sending stops when the window closes and resumes when it opens.',
        ),
      );
      return connectionOf(client, 'window');
    }
  };
  context.subscriptions.push({ dispose: () => void worker?.terminate() });
  return { attach, start };
}

/** Most windows never need an engine. */
function loadAttach() {
  return import('../../attach/index.ts');
}

/** Where campaigns are kept; the command line uses the same folder unless told otherwise. */
export function stateDirectory(): string {
  const set = editorSetting<string>('stateDirectory')?.trim();
  return set ? resolvePath(set, process.cwd()) : defaultStateDir();
}

/** Cheap: whether an engine may be running. */
export async function mayRun(): Promise<boolean> {
  const file = vscode.Uri.file(engineFilePath(stateDirectory()));
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

function connectionOf(client: EngineClient, life: EngineConnection['life']): EngineConnection {
  return { api: client.api, closed: client.closed, life, dispose: () => client.dispose() };
}

function startWorker(engineFile: string, stateDir: string, version: string, log: vscode.LogOutputChannel): Worker {
  const worker = new Worker(engineFile, {
    argv: ['--state', stateDir, '--version', version],
    stdout: true,
    stderr: true,
  });
  worker.on('error', (error) => log.error(error));
  worker.on('exit', (code) => log.info(`the engine in this window ended with code ${code}`));
  worker.stdout.on('data', (data: Buffer) => log.debug(data.toString().trimEnd()));
  worker.stderr.on('data', (data: Buffer) => log.warn(data.toString().trimEnd()));
  return worker;
}

async function attachWithin(options: AttachOptions, ms: number): Promise<EngineClient | null> {
  const { attachEngine } = await loadAttach();
  for (const until = Date.now() + ms; Date.now() < until; await delay(100)) {
    const client = await attachEngine(options);
    if (client) return client;
  }
  return null;
}
