while [ ! -e /tmp/go ]; do sleep 3; done
cd /work/h3
exec 9>/tmp/test14.lock
flock 9
export OIC_TEST_PROCESSES=1
B=addons/oiconnect_base/tests; O=addons/oiconnect_orders/tests; I=addons/oiconnect_interop/tests; L=addons/oiconnect_billing/tests
OIC_CLUSTER=test scripts/env.sh python /tmp/h3/rename.py
echo "== addons"; date -u
nice -n 10 make test ARGS="$B/test_odoo_internals.py $B/test_time_zone.py $B/test_guarded.py $B/test_workflow.py $O/test_public_holidays.py $O/test_delay.py $O/test_appointment_slots.py $O/test_appointment_life.py $O/test_planning.py $O/test_working_time.py $I/test_import_run.py $I/test_import_check.py $I/test_publication_run.py $I/test_publication_schedule.py $I/test_publication_task.py $I/test_look_quota.py $I/test_rhythm.py $I/test_import_source.py $I/test_help_words.py $I/test_account_secret.py $L/test_guarded_rpc.py $L/test_irreversible.py $L/test_billing_line.py addons/oiconnect_infra/tests/routes/test_splice.py addons/oiconnect_demo"
flock -u 9
