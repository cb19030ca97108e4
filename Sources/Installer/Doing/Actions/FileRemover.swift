import FoundationEssentials

/// Deletes files of this program's own, and refuses to touch anything else.
struct FileRemover {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func remove(_ paths: [String]) throws {
        for path in paths {
            guard isOurs(path) else {
                throw Failure(
                    "\(path) was not deleted: it is not a folder of this installation",
                    hint: "If you want it gone, delete it yourself.")
            }
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch let error as CocoaError where error.code == .fileNoSuchFile {
                continue
            } catch {
                throw Failure(
                    "\(path) could not be deleted", detail: error.reason,
                    hint: "Check it: ls -ld \(path.shellQuoted)")
            }
        }
    }

    /// Whether a path lies in a folder of the installation: the places of our own, or the folder that the plan keeps
    /// certificates in. Judged by its letters alone, so that no link can lead elsewhere unseen.
    private func isOurs(_ path: String) -> Bool {
        let parts = Self.parts(of: path)
        guard path.hasPrefix("/"), !parts.contains(".."), !parts.contains(".") else { return false }
        return folders.map(Self.parts).contains { folder in
            folder.count >= 2 && folder != Self.parts(of: workshop.world.home) && parts.starts(with: folder)
        }
    }

    private var folders: [String] {
        let places = workshop.world.places
        let site = workshop.plan.site
        return [places.certificates(of: site), places.chart(of: site), places.answers(of: site)]
            + workshop.plan.steps.compactMap(\.action.certificates)
    }

    private static func parts(of path: String) -> [Substring] { path.split(separator: "/") }
}

extension Action {
    /// The folder that the action keeps certificates in.
    fileprivate var certificates: String? {
        switch self {
        case .issueCertificates(_, let folder), .bakeCertificates(_, let folder),
            .issueInner(let folder, _, _),
            .saveClient(let folder, _):
            folder
        default: nil
        }
    }
}
