-- A copied database does not do the work that waited in the real one.
UPDATE queue_job
   SET state = 'cancelled',
       date_cancelled = now() AT TIME ZONE 'UTC'
 WHERE state IN ('wait_dependencies', 'pending', 'enqueued', 'started');
UPDATE queue_job
   SET result = NULL,
       exc_message = NULL,
       exc_info = NULL
 WHERE exc_info IS NOT NULL
    OR exc_message IS NOT NULL
    OR result IS NOT NULL;
