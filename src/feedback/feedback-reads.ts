import { sqlTimeToIso } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import type { ThreadWork } from '../database/thread-work';
import type { FeedbackAnswer } from './feedback.answers';

/** What the thread for quick reads is asked for feedback. */
export interface FeedbackRead {
  /** only what is about this error */
  errorId?: number;
  /** only what belongs to this project */
  project?: string;
  /** only what belongs to an error, or only what belongs to none */
  attached?: boolean;
  limit: number;
  offset: number;
}

/** Feedback newest first, and how much there is in all. */
export interface FeedbackPage {
  feedback: FeedbackAnswer[];
  total: number;
}

/** What the thread for quick reads does for feedback. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  const list = async ({ errorId, project, attached, limit, offset }: FeedbackRead): Promise<FeedbackPage> => {
    const conditions = [
      ...(errorId === undefined ? [] : ['error_id = ?']),
      ...(project === undefined ? [] : ['project = ?']),
      ...(attached === undefined ? [] : [`error_id IS ${attached ? 'NOT NULL' : 'NULL'}`]),
    ];
    const parameters = [errorId, project].filter((value) => value !== undefined);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const counted = await connection.get<{ n: number }>(
      `SELECT count(*) AS n FROM feedback ${where}`,
      parameters,
    );
    const rows = await connection.all<FeedbackAnswer>(
      `SELECT id, project, error_id, event_id, name, email, message, url, received_at
       FROM feedback ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
      [...parameters, limit, offset],
    );
    return {
      feedback: rows.map((row) => ({ ...row, received_at: sqlTimeToIso(row.received_at) })),
      total: counted?.n ?? 0,
    };
  };
  return {
    answer: (requests) =>
      Promise.all((requests as FeedbackRead[]).map((request) => connection.transaction(() => list(request)))),
  };
}
