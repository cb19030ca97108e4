import Installer
import Terminal

/// The clients as a table: who may use the builder, until when, and who used it last.
struct ClientsPage: Page {
    private var selection = ListSelection(count: 0)
    private var filter: LineEditor?
    private var isCopied = false

    func title(_ context: PageContext) -> String { "Clients" }

    func takesText(_ context: PageContext) -> Bool { filter != nil }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard filter == nil else { return [KeyHint("Enter", "select"), KeyHint("Esc", "all")] }
        return [
            KeyHint("a", "add"), KeyHint("n", "renew"), KeyHint("R", "revoke"), KeyHint("/", "filter"),
            KeyHint("g", "refresh"), KeyHint("Esc", "back"), KeyHint("y", "copy command"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        let clients = shown(model)
        selection.count = clients.count
        if case .key = message { isCopied = false }
        switch message {
        case .copied: isCopied = true
        case .click(let id):
            if let row = id.number(after: "client ") { selection.index = row }
        case .key(let key) where filter != nil: type(key, clients, model)
        case .key(let key): return handle(key, clients, &model)
        default: break
        }
        return .stay
    }

    private mutating func handle(
        _ key: Key, _ clients: [ClientReport.Client], _ model: inout WizardModel
    ) -> Navigation {
        let selected = clients.indices.contains(selection.index) ? clients[selection.index] : nil
        switch key {
        case .escape: return .back
        case .character("/"): filter = LineEditor()
        case .character("g"): return .show(.clients)
        case .character("a"): return .manage(.addClient, client: "")
        case .character("n"):
            guard let selected else { return .stay }
            return .manage(.renewClient, client: selected.name)
        case .character("R"):
            guard let selected else { return .stay }
            return .manage(.revokeClient, client: selected.name)
        case .character("y"): return selected.map { .perform(.copy(command(for: $0, model))) } ?? .stay
        default: _ = selection.handle(key)
        }
        return .stay
    }

    /// Renews the client's certificate on the command line. One that was revoked needs a new one.
    private func command(for client: ClientReport.Client, _ model: WizardModel) -> String {
        let verb = client.standing == .revoked ? Workflow.addClient : .renewClient
        var model = model
        model.forgetWhatWasMeantForOneRun()
        model.store(client.name, for: .name)
        return verb.commandLine(model.answers, at: model.answers.installation(model.facts))
    }

    /// The filter ends on the selected client, so that the next key is about that one.
    private mutating func type(_ key: Key, _ clients: [ClientReport.Client], _ model: WizardModel) {
        switch key {
        case .escape, .control("c"), .enter:
            let name = clients.indices.contains(selection.index) ? clients[selection.index].name : nil
            filter = nil
            let all = shown(model)
            selection = ListSelection(count: all.count, index: all.firstIndex { $0.name == name } ?? 0)
        default:
            if !selection.handle(key) { _ = filter?.handle(key) }
        }
    }

    private func shown(_ model: WizardModel) -> [ClientReport.Client] {
        FuzzyMatch.filter(model.clients?.clients ?? [], by: filter?.text ?? "") { $0.name }
    }
}

// MARK: - Drawing

extension ClientsPage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        guard let report = context.model.clients else {
            return frame.write(Line("checking \(Glyphs.unicode.ellipsis)", .muted), row: 0)
        }
        let clients = shown(context.model)
        let cells = clients.map { [$0.name, $0.standing.word, seen($0)] }
        let widths = Self.titles.indices.map { column in
            (cells.map { $0[column] } + [Self.titles[column]]).map { Text.width($0) }.max() ?? 0
        }
        let remarks =
            report.remarks.flatMap { Line.wrap($0, .muted, columns: columns) }
            + (isCopied ? [Line("Copied to the clipboard.", .success)] : [])
        frame.write(heading(widths), row: 0)
        if let filter { frame.write(Line("/\(filter.text)", .accent), row: 0, column: max(0, columns - 20)) }
        var selection = selection
        selection.count = clients.count
        let sight = selection.visible(rows: max(1, frame.size.rows - remarks.count - 2))
        for (row, index) in sight.enumerated() {
            frame.write(
                line(clients[index], cells[index], widths, isSelected: index == selection.index).cut(
                    to: columns),
                row: 1 + row)
            frame.mark(Rect(column: 0, row: 1 + row, columns: columns, rows: 1), as: "client \(index)")
        }
        if clients.isEmpty { frame.write(Line("  No clients found.", .muted), row: 1) }
        frame.write(remarks, row: frame.size.rows - remarks.count)
    }

    private static let titles = ["NAME", "ROLE", "LAST SEEN"]

    private func heading(_ widths: [Int]) -> Line {
        let cells = zip(Self.titles, widths).map { Text.pad($0, to: $1 + 2) }
        return Line("  " + cells.joined() + "STATUS", .muted)
    }

    private func line(
        _ client: ClientReport.Client, _ cells: [String], _ widths: [Int], isSelected: Bool
    ) -> Line {
        let (mark, state) = state(of: client)
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let padded = zip(cells, widths).map { Text.pad($0, to: $1) }
        return pointer + Line(padded[0], isSelected ? .selected : .plain) + Line("  \(padded[1])  ")
            + Line("\(padded[2])  ", .muted) + Line("\(mark.symbol) \(state)", mark.style)
    }

    /// The minute of the last connection.
    private func seen(_ client: ClientReport.Client) -> String {
        let time = client.lastSeen?.time.formatted(.iso8601) ?? ""
        return String(time.prefix(16)).replacing("T", with: " ")
    }

    private func state(of client: ClientReport.Client) -> (CheckSymbol, String) {
        guard client.standing != .revoked else { return (.failed, "revoked") }
        guard let newest = client.certificates.first else {
            return (.pending, "no certificate on this machine")
        }
        let end = newest.certificate.notAfter.formatted(.iso8601).prefix(10)
        if newest.isRevoked { return (.failed, "revoked") }
        if newest.daysLeft < 0 { return (.failed, "expired on \(end)") }
        let state = newest.daysLeft < 30 ? CheckSymbol.warning : .passed
        return (state, "valid until \(end), \(newest.daysLeft) days")
    }
}
