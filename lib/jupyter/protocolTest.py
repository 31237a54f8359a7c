"""
Jupyter's own kernel tests (jupyter_kernel_test on PyPI) and this project's, on the registered kernel `tslab`.
Run by protocol.test.ts, and by hand: JUPYTER_PATH=FOLDER python -m unittest lib/jupyter/protocolTest.py
"""

import time
import unittest

import jupyter_kernel_test as theirs

TIMEOUT = theirs.TIMEOUT


class JupyterKernelTest(theirs.KernelTests):
    kernel_name = 'tslab'
    language_name = 'typescript'
    file_extension = '.ts'
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh')"
    completion_samples = [
        {'text': 'Mat', 'matches': {'Math'}},
        {'text': 'const zebra = 1; zeb', 'matches': {'zebra'}},
    ]
    complete_code_samples = ['1', 'const a = 1;', 'await 1', 'function f(x: number) { return x; }', '<number>a']
    incomplete_code_samples = ['function f() {', 'const a = [1,', '`abc', 'f(', '/* and']
    invalid_code_samples = ['const 1 = 2', 'x = = 1', 'f(1))', '"abc']
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {'code': '6 * 7', 'result': '42'},
        {'code': "'a\\nb'", 'result': 'a\nb'},
        {'code': '[1, { a: null }]', 'result': '[ 1, { a: null } ]'},
        {'code': "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>1</b>' }) })", 'mime': 'text/html'},
        {'code': '6 * 7', 'result': '42'},
        {'code': '6 * 7', 'result': '42'},
    ]
    code_display_data = [{'code': "(await import('tslab')).display.html('<b>1</b>')", 'mime': 'text/html'}]
    code_history_pattern = '6 ? 7'
    supported_history_operations = ('tail', 'range', 'search')
    code_inspect_sample = 'Math'
    code_clear_output = 'console.clear()'


class ProtocolTest(unittest.TestCase):
    """Tests of the protocol that Jupyter's own tests lack."""

    kernel_name = 'tslab'
    setUpClass = classmethod(theirs.KernelTests.setUpClass.__func__)
    tearDownClass = classmethod(theirs.KernelTests.tearDownClass.__func__)
    flush_channels = theirs.KernelTests.flush_channels

    def answers(self, *ids):
        """The shell replies to these requests, in their order."""
        found = {}
        while len(found) < len(ids):
            reply = self.kc.get_shell_msg(timeout=TIMEOUT)
            found[reply['parent_header']['msg_id']] = reply['content']
        return [found[id] for id in ids]

    def published(self, last_id):
        """All messages of iopub up to the end of a request: (type, content, id of the request)."""
        found = []
        while True:
            msg = self.kc.get_iopub_msg(timeout=TIMEOUT)
            found.append((msg['msg_type'], msg['content'], msg['parent_header'].get('msg_id')))
            if found[-1] == ('status', {'execution_state': 'idle'}, last_id):
                return found

    def test_error_reply(self):
        self.flush_channels()
        first = self.kc.execute("throw new RangeError('too far')")
        (reply,) = self.answers(first)
        self.assertEqual((reply['ename'], reply['evalue']), ('RangeError', 'too far'))
        self.assertEqual(reply['traceback'][0], 'RangeError: too far')
        self.assertGreater(reply['execution_count'], 0)
        second = self.kc.execute('const n: number = "a"')
        (compiled,) = self.answers(second)
        self.assertEqual(compiled['ename'], 'CompileError')
        self.assertIn("1:7 - Type 'string' is not assignable to type 'number'.", compiled['traceback'])
        third = self.kc.execute('throw 7')
        (thrown,) = self.answers(third)
        self.assertEqual((thrown['ename'], thrown['evalue']), ('number', '7'))

    def test_cells_sent_before_an_error_are_cancelled(self):
        self.flush_channels()
        # The first computes without a pause, so that the kernel has read none of the others when it fails.
        ids = [self.kc.execute("for (const end = Date.now() + 300; Date.now() < end; ); throw new Error('x')")]
        ids += [self.kc.execute('1'), self.kc.execute('2')]
        self.assertEqual([reply['status'] for reply in self.answers(*ids)], ['error', 'aborted', 'aborted'])
        (after,) = self.answers(self.kc.execute('3'))  # at once after the error
        self.assertEqual(after['status'], 'ok')

    def test_stop_on_error_false(self):
        self.flush_channels()
        ids = [self.kc.execute("throw new Error('x')", stop_on_error=False), self.kc.execute('1')]
        self.assertEqual([reply['status'] for reply in self.answers(*ids)], ['error', 'ok'])

    def test_busy_and_idle_belong_to_the_cell_that_runs(self):
        self.flush_channels()
        ids = [self.kc.execute(f'await new Promise((f) => setTimeout(f, 100)); console.log({i})') for i in range(3)]
        seen = [(kind, content.get('execution_state'), id) for kind, content, id in self.published(ids[-1])]
        wanted = [
            (kind, state, id)
            for id in ids
            for kind, state in [('status', 'busy'), ('execute_input', None), ('stream', None), ('status', 'idle')]
        ]
        self.assertEqual(seen, wanted)

    def test_questions_are_answered_while_a_cell_runs(self):
        self.flush_channels()
        cell = self.kc.execute('await new Promise((f) => setTimeout(f, 5000))')
        asked = self.kc.complete('Mat')
        started = time.monotonic()
        (reply,) = self.answers(asked)
        self.assertIn('Math', reply['matches'])
        self.assertLess(time.monotonic() - started, 4)
        # The last that is said is that the cell runs.
        said = [self.kc.get_iopub_msg(timeout=TIMEOUT) for _ in range(5)]
        self.assertEqual(
            [(msg['msg_type'], msg['content'].get('execution_state')) for msg in said],
            [('status', 'busy'), ('execute_input', None), ('status', 'busy'), ('status', 'idle'), ('status', 'busy')],
        )
        self.assertEqual([msg['parent_header']['msg_id'] for msg in said], [cell, cell, asked, asked, cell])
        message = self.kc.session.msg('interrupt_request', {})
        self.kc.control_channel.send(message)
        self.assertEqual(self.kc.get_control_msg(timeout=TIMEOUT)['content'], {'status': 'ok'})
        (ended,) = self.answers(cell)
        self.assertEqual((ended['status'], ended['ename']), ('error', 'KeyboardInterrupt'))

    def test_silent(self):
        self.flush_channels()
        (before,) = self.answers(self.kc.execute('1'))
        self.flush_channels()
        id = self.kc.execute('2', silent=True)
        (reply,) = self.answers(id)
        self.assertEqual(reply['execution_count'], before['execution_count'])
        self.assertEqual([kind for kind, _, _ in self.published(id)], ['status', 'status'])

    def test_user_expressions(self):
        self.flush_channels()
        id = self.kc.execute('const seven = 7', user_expressions={'a': 'seven + 1', 'b': 'none'})
        (reply,) = self.answers(id)
        self.assertEqual(reply['user_expressions']['a']['data'], {'text/plain': '8'})
        self.assertEqual(reply['user_expressions']['b']['ename'], 'CompileError')

    def test_comms(self):
        self.flush_channels()
        asked = self.kc.comm_info()
        self.assertEqual(self.answers(asked), [{'status': 'ok', 'comms': {}}])
        self.flush_channels()
        message = self.kc.session.msg('comm_open', {'comm_id': 'c', 'target_name': 'none', 'data': {}})
        self.kc.shell_channel.send(message)
        kinds = [kind for kind, _, _ in self.published(message['header']['msg_id'])]
        self.assertEqual(kinds, ['status', 'comm_close', 'status'])


if __name__ == '__main__':
    unittest.main()
