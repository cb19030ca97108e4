import FoundationEssentials
import Installer
import MutualTLS
import Terminal

/// The installations of the start page: those that this machine has records of, and the others in the cluster.
struct InstallationList {
    struct Entry: Equatable {
        var id: InstallationID
        /// The days until its first certificate expires; nil where none could be read here.
        var days: Int?
        /// Whether this machine has records of it.
        var isKnown: Bool
        /// What its BuildKit does, or that the cluster has none; nil where the cluster was not read.
        var state: String?
        /// Whether BuildKit is to run and none of its pods is ready, or whether the cluster has none.
        var needsAttention: Bool
    }

    let entries: [Entry]
    private let current: InstallationID
    /// The widths of the columns.
    private let name: Int
    private let place: Int

    init(_ model: WizardModel) {
        let current = model.answers.installation(model.facts)
        let read = model.facts.installations.value
        let found = read ?? []
        func scale(of id: InstallationID) -> ScaleState? { found.first { $0.id == id }?.scale }
        let known = model.installations.map { installation in
            let scale = scale(of: installation.id)
            let isMissing = scale == nil && read != nil && installation.id.context == current.context
            return Entry(
                id: installation.id,
                days: installation.certificatesEnd.map { Int($0.timeIntervalSince(model.now) / 86400) },
                isKnown: true, state: isMissing ? "not in the cluster" : scale?.inWords,
                needsAttention: scale?.isUnready ?? isMissing)
        }
        let others = found.filter { other in !known.contains { $0.id == other.id } }
        entries =
            known
            + others.map {
                Entry(
                    id: $0.id, days: nil, isKnown: false, state: $0.scale.inWords,
                    needsAttention: $0.scale.isUnready)
            }
        self.current = current
        name = entries.map { Text.width($0.id.release) }.max() ?? 0
        place = entries.map { Text.width($0.place) }.max() ?? 0
    }

    subscript(id: InstallationID) -> Entry? { entries.first { $0.id == id } }

    func row(_ entry: Entry, isSelected: Bool, columns: Int) -> Line {
        let mark = entry.mark
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let style: Style = isSelected ? .selected : entry.id == current ? .heading : .plain
        let head =
            pointer + Line("\(mark.symbol) ", mark.style) + Line(Text.pad(entry.id.release, to: name), style)
            + Line("  \(Text.pad(entry.place, to: place))   ", .muted)
        let state = entry.state.map { entry.certificates.isEmpty ? $0 : "\($0), " } ?? ""
        return
            (head + Line(state, entry.needsAttention ? .warning : .muted)
            + Line(entry.certificates, entry.dates.style)).cut(to: columns)
    }
}

extension ScaleState {
    fileprivate var isUnready: Bool { wanted > 0 && ready == 0 }
}

extension InstallationList.Entry {
    fileprivate var place: String {
        "\(id.namespace) in \(id.context.isEmpty ? "the current context" : id.context)"
    }

    fileprivate var dates: CheckSymbol {
        days.map { $0 < 0 ? .failed : $0 < CertificateSummary.usualLimit ? .warning : .passed } ?? .pending
    }

    fileprivate var mark: CheckSymbol { needsAttention && dates != .failed ? .warning : dates }

    fileprivate var certificates: String {
        guard isKnown else { return "not set up on this machine" }
        return days.map { $0 < 0 ? "certificates expired" : "expires in \(TimeFormat.days($0))" } ?? ""
    }

    /// The row as a sentence; its mark has a word.
    var sentence: String {
        let word =
            switch mark {
            case .warning: "warning: "
            case .failed: "failed: "
            case .passed, .pending, .skipped: ""
            }
        let known = [state ?? "", certificates].filter { !$0.isEmpty }.joined(separator: ", ")
        return "\(word)\(id.release), namespace \(place)\(known.isEmpty ? "" : ": \(known)")"
    }
}
