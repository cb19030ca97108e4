import Installer

/// What the pane of the start page says of the entry under the cursor, as far as it is known.
struct HomeDetails {
    private let context: PageContext
    private let columns: Int
    private var model: WizardModel { context.model }
    private var facts: Facts { context.model.facts }

    init(_ context: PageContext, columns: Int) {
        self.context = context
        self.columns = columns
    }

    func lines(of entry: HomePage.Entry) -> [Line] {
        switch entry {
        case .installation(let id):
            var details = Details(id.release, columns: columns)
            add(id, to: &details)
            return details.lines
        case .action(let key):
            return HomeAction.all(model).first { $0.key == key }.map { lines(about: $0) } ?? []
        }
    }

    private func lines(about action: HomeAction) -> [Line] {
        let id = model.answers.installation(facts)
        var details = Details(action.name, columns: columns)
        details.add("\(action.meaning.capitalizedFirst).")
        details.begin("Command")
        details.add(command: (["buildkit-installer \(action.command)"] + id.flags).joined(separator: " "))
        details.begin("Installation")
        add(id, to: &details)
        if action.goal == .walk(.rotate) { addCertificates(to: &details) }
        return details.lines
    }

    /// An installation of this machine or of the cluster; more is known of the selected one.
    private func add(_ id: InstallationID, to details: inout Details) {
        let entry = InstallationList(model)[id]
        let known = model.installations.first { $0.id == id }
        let builder = known.flatMap { registered(with: $0.folder) }
        let isSelected = id == model.answers.installation(facts)
        details.add("Context", id.context)
        details.add("Namespace", id.namespace)
        details.add("Release", id.release)
        if isSelected { details.add("Chart", chart) }
        details.add("BuildKit", entry?.state ?? (isSelected ? facts.scale.value?.inWords : nil))
        if isSelected { details.add("Builds", facts.activity.value.map { $0.isNone ? "none" : $0.inWords }) }
        details.add("Builder", builder?.name)
        details.add("Endpoint", builder?.nodes.first?.endpoint)
        if let end = known?.certificatesEnd, let days = entry?.days {
            details.add("Expires", TimeFormat.expiry(end, days: days))
        }
        details.add("Directory", known.map { context.guide.short($0.folder) })
    }

    private var chart: String? {
        facts.release.value.map { release in
            release.map { "\($0.chart), revision \($0.revision), \($0.status)" } ?? "not installed"
        }
    }

    /// The builder of docker buildx that uses the certificates in that folder.
    private func registered(with folder: String) -> Facts.Builder? {
        facts.builders.value?.builders.first { builder in
            builder.nodes.contains { $0.reads(fromAnyOf: ["\(folder)/client"]) }
        }
    }

    private func addCertificates(to details: inout Details) {
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        let entries = inventory.entries.filter { $0.places != [.renewal] }
        guard !entries.isEmpty else { return }
        details.begin("Certificates")
        for entry in entries { details.add("\(entry.label.capitalizedFirst): \(entry.expiry)") }
    }
}
