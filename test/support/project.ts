import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';

/** How a command ended, and what it printed. */
interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a folder of its own, in which to plant what the tools must refuse. */
export interface Project {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Links a file or a folder of this project. */
  link(path: string, as: string): void;
  /** Runs a command in the folder; `CI` and `XDM_VECTORS` are not set for it. */
  run(command: string, ...args: readonly string[]): Promise<Outcome>;
  remove(): void;
}

/** What a project takes from this one. */
export interface Taken {
  /** Files that are copied. */
  readonly copies?: readonly string[];
  /** Files and folders that are linked. */
  readonly links?: readonly string[];
  /** Packages that are linked; all of them where it is not given. */
  readonly packages?: readonly string[];
}

/** Creates a project with the files given, by path, and with packages of this project. */
export function createProject(files: Readonly<Record<string, string>>, taken: Taken): Project {
  const { copies = [], links = [], packages } = taken;
  const folder = mkdtempSync(join(tmpdir(), 'xdm-'));
  for (const path of copies) cpSync(path, join(folder, path));
  const project: Project = {
    folder,
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    link(path, as) {
      mkdirSync(dirname(join(folder, as)), { recursive: true });
      symlinkSync(resolve(path), join(folder, as));
    },
    run: async (command, ...args) => await run(folder, command, args),
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
  const modules = packages?.map((name) => join('node_modules', name)) ?? ['node_modules'];
  for (const path of [...modules, ...links]) project.link(path, path);
  project.write(files);
  return project;
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<Outcome> {
  const { CI: _ci, XDM_VECTORS: _vectors, ...environment } = process.env;
  const env = { ...environment, PATH: [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter) };
  return await new Promise((done) => {
    execFile(command, args, { cwd, env }, (error, stdout, stderr) => {
      done({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}
