import FoundationEssentials
import Installer

/// One JSON object a line on standard output; the last one is the result.
struct JSONReporter: Reporter {
    func problems(_ problems: [Problem]) { write(["problems": problems]) }
    func checks(_ results: [CheckResult]) { write(["checks": results]) }
    func plan(_ plan: Plan) { write(["plan": plan]) }
    func event(_ event: RunEvent, of plan: Plan) { Console.output.line(event.json) }
    func refused() { write(["result": ["outcome": "refused"]]) }
    func failed(_ failure: Failure) { write(["result": NotBegun(failure: failure)]) }
    func summary(_ summary: Summary) { write(["result": summary]) }
    func report(_ report: some Reportable) { write(report) }

    func register(_ register: ClientRegister) { write(register) }

    private func write(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        // All that is reported is made of strings, numbers and dates, which can always be written.
        guard let data = try? encoder.encode(value) else { return }
        Console.output.line(String(decoding: data, as: UTF8.self))
    }

    private struct NotBegun: Encodable {
        var outcome = Summary.Outcome.failed
        var failure: Failure
    }
}
