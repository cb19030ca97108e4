import Installer
import Terminal

/// The last page: what exists now and what to type next, or what went wrong and how to go on.
struct DonePage: Page {
    private var scroll = Scroll()
    private var showsLog = false

    func title(_ model: Model) -> String {
        switch model.summary?.outcome {
        case .failed: "Failed"
        case .interrupted: "Stopped"
        case .rehearsed: "Rehearsed"
        case .installed, .changed, .unchanged, .removed, nil: "Done"
        }
    }

    func hints(_ context: Context) -> [KeyHint] {
        [
            KeyHint("Enter", "leave"), showsLog ? KeyHint("l", "summary") : KeyHint("l", "log"),
            KeyHint("↑↓", "scroll"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout Model, _ guide: Guide) -> Move {
        guard case .key(let key) = message else { return .stay }
        switch key {
        case .enter, .escape, .character("q"): return .quit
        case .character("l"):
            showsLog.toggle()
            scroll = Scroll()
        default:
            let body = Chrome(size: model.size).body.size
            scroll.fit(
                length: lines(Context(model: model, guide: guide), columns: body.columns - 2).count,
                height: body.rows)
            _ = scroll.handle(key)
        }
        return .stay
    }

    func draw(into frame: inout Frame, _ context: Context) {
        let lines = lines(context, columns: frame.size.columns - 2)
        var scroll = scroll
        scroll.fit(length: lines.count, height: frame.size.rows)
        frame.write(lines, in: scroll.visible)
    }

    private func lines(_ context: Context, columns: Int) -> [Line] {
        let model = context.model
        guard let run = model.run, let summary = model.summary else { return [] }
        return showsLog
            ? RunLines(run, model, context.guide).log(columns: columns)
            : SummaryLines(summary, of: run, context.guide, columns: columns).lines
    }
}
