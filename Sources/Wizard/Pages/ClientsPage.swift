import Installer
import MutualTLS
import Terminal

/// The clients as a table: who may use the builder, until when, and who used it last.
struct ClientsPage: Page {
    /// By the clients' names.
    private var list = FilterList<String>()
    private var isCopied = false

    func title(_ context: PageContext) -> String { "Clients" }

    func takesText(_ context: PageContext) -> Bool { list.isOpen }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard !list.isOpen else { return list.hints }
        let hasClient = selected(context.model) != nil
        let change = hasClient ? [KeyHint("n", "renew"), KeyHint("R", "revoke")] : []
        let filter = shown(context.model).count > 1 ? [KeyHint("/", "filter")] : []
        let copy = hasClient ? [KeyHint("y", "copy command")] : []
        return [KeyHint("a", "add")] + change + filter + [KeyHint("g", "refresh"), KeyHint("Esc", "back")]
            + copy
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        if case .key = message { isCopied = false }
        switch message {
        case .copied: isCopied = true
        case .click(let id):
            let clients = shown(model)
            guard let row = id.number(after: "client "), clients.indices.contains(row) else { return .stay }
            list.select(clients[row].name)
        case .key(let key) where list.isOpen: move(key, model)
        case .key(let key): return handle(key, model)
        default: break
        }
        return .stay
    }

    private mutating func handle(_ key: Key, _ model: WizardModel) -> Navigation {
        let selected = selected(model)
        switch key {
        case .escape: return .back
        case .character("g"): return .show(.clients)
        case .character("a"): return .manage(.addClient, client: "")
        case .character("n"): return selected.map { .manage(.renewClient, client: $0.name) } ?? .stay
        case .character("R"): return selected.map { .manage(.revokeClient, client: $0.name) } ?? .stay
        case .character("y"): return selected.map { .perform(.copy(command(for: $0, model))) } ?? .stay
        default: move(key, model)
        }
        return .stay
    }

    private mutating func move(_ key: Key, _ model: WizardModel) {
        list.handle(key, in: shown(model).map(\.name))
    }

    private func shown(_ model: WizardModel) -> [ClientReport.Client] {
        list.shown(of: model.clients?.clients ?? []) { $0.name }
    }

    private func selected(_ model: WizardModel) -> ClientReport.Client? {
        let clients = shown(model)
        let index = list.selection(in: clients.map(\.name)).index
        return clients.indices.contains(index) ? clients[index] : nil
    }

    /// Renews the client's certificate on the command line. One that was revoked needs a new one.
    private func command(for client: ClientReport.Client, _ model: WizardModel) -> String {
        let verb = client.standing.isRevoked ? Workflow.addClient : .renewClient
        var model = model
        model.forgetWhatWasMeantForOneRun()
        model.store(client.name, for: .name)
        return verb.commandLine(model.answers, at: model.answers.installation(model.facts))
    }
}

// MARK: - The selected client

extension ClientsPage {
    var paneFrom: Int? { Layout.wide }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        let model = context.model
        guard let client = selected(model) else { return [] }
        var details = Details(client.name, columns: columns)
        details.add("Role", client.standing.word)
        details.add("Last seen", seen(client))
        if let newest = client.certificates.first {
            add(newest, to: &details)
        } else {
            details.add("Status", state(of: client).1)
        }
        details.add("Directory", client.folder.map(context.guide.short))
        for older in client.certificates.dropFirst() {
            details.begin("Older certificate")
            add(older, to: &details)
        }
        details.begin(client.standing.isRevoked ? "Add again" : "Renew")
        details.add(command: command(for: client, model))
        guard client.standing != .revoked else { return details.lines }
        let flags = model.answers.installation(model.facts).flags
        let revoke = ["buildkit-installer client revoke \(client.name.shellQuoted)"] + flags
        details.begin(client.standing.isRevoked ? "Publish the revocation" : "Revoke")
        details.add(command: revoke.joined(separator: " "))
        return details.lines
    }

    private func add(_ certificate: ClientReport.Certificate, to details: inout Details) {
        let summary = certificate.certificate
        details.add("Serial", summary.serial)
        details.add("Key", summary.algorithm)
        details.add("Issued", TimeFormat.day(summary.notBefore))
        details.add("Expires", TimeFormat.expiry(summary.notAfter, days: certificate.daysLeft))
        let isPending = certificate.revocation == .pending
        details.add(
            "Revoked", certificate.isRevoked ? isPending ? "locally, not yet in the cluster" : "yes" : nil)
    }
}

// MARK: - Drawing

extension ClientsPage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        guard let report = context.model.clients else {
            return frame.write(Line("checking\(Glyphs.unicode.ellipsis)", .muted), row: 0)
        }
        let clients = shown(context.model)
        let cells = clients.map { [$0.name, $0.standing.word, seen($0)] }
        let widths = Self.titles.indices.map { column in
            (cells.map { $0[column] } + [Self.titles[column]]).map { Text.width($0) }.max() ?? 0
        }
        let remarks =
            report.remarks.flatMap { Line.wrap($0, .muted, columns: columns) }
            + (isCopied ? [Line("Copied to the clipboard.", .success)] : [])
        frame.write(list.label.map { Line("  \($0)", .accent) } ?? heading(widths), row: 0)
        let selection = list.selection(in: clients.map(\.name))
        let sight = selection.visible(rows: max(1, frame.size.rows - remarks.count - 2))
        for (row, index) in sight.enumerated() {
            frame.write(
                line(clients[index], cells[index], widths, isSelected: index == selection.index).cut(
                    to: columns),
                row: 1 + row)
            frame.mark(Rect(column: 0, row: 1 + row, columns: columns, rows: 1), as: "client \(index)")
        }
        if clients.isEmpty {
            let isEmpty = report.clients.isEmpty
            frame.write(Line(isEmpty ? "  No clients found." : "  no match", .muted), row: 1)
        }
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
        if let word = client.standing.revocation.word { return (.failed, word) }
        guard let newest = client.certificates.first else {
            return (.pending, "no certificate on this machine")
        }
        let end = TimeFormat.day(newest.certificate.notAfter)
        if let word = newest.revocation.word { return (.failed, word) }
        if newest.daysLeft < 0 { return (.failed, "expired on \(end)") }
        let state = newest.daysLeft < CertificateSummary.usualLimit ? CheckSymbol.warning : .passed
        return (state, "valid until \(end), \(TimeFormat.days(newest.daysLeft))")
    }
}
