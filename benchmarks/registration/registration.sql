-- What PostgreSQL does for one registration, as the services say it, each by itself: pgbench's script.
SELECT gen_random_uuid() AS user_id, gen_random_uuid() AS event_id, gen_random_uuid() AS notification_id \gset
BEGIN;
INSERT INTO users (id, first_name, last_name, email, password_hash, is_active, created_at, updated_at) VALUES (:user_id, 'Ada', 'Lovelace', :user_id::text || '@example.com', repeat('x', 97), true, now(), now());
INSERT INTO user_outbox (event_id, pattern, payload, message_key, created_at) VALUES (:event_id, 'user.created', repeat('x', 200), :user_id, now());
COMMIT;
BEGIN;
INSERT INTO notification_inbox (message_key, received_at) VALUES (:event_id, now()) ON CONFLICT DO NOTHING;
INSERT INTO notifications (id, user_id, type, recipient, subject, content, status, created_at) VALUES (:notification_id, :user_id, 'email', 'ada@example.com', 'Welcome, Ada!', 'Hi Ada Lovelace, your account is ready.', 'pending', now());
COMMIT;
DELETE FROM user_outbox WHERE event_id = :event_id;
UPDATE notifications SET status = 'sent', sent_at = now(), attempts = 1, last_error = NULL, next_attempt_at = NULL WHERE id = :notification_id AND status = 'pending';
SELECT id, user_id, type, recipient, subject, content, status, sent_at, created_at FROM notifications WHERE user_id = :user_id ORDER BY created_at DESC, id DESC LIMIT 100;
