import Foundation
import Testing

/// The links between documents of the repository.
struct DocumentLinkTests {
    private static let documents: [(path: String, text: String)] = {
        let folders = ["docs", "templates", "Tests/Lab", "screenshots"]
        let nested = folders.flatMap { folder in
            ((try? textFiles(in: folder, ending: ".md")) ?? []).map { ("\(folder)/\($0.path)", $0.text) }
        }
        let top = ["README.md", "CONTRIBUTING.md"].compactMap { name in
            // A missing document breaks the links to it.
            (try? String(contentsOfFile: "\(repository)/\(name)", encoding: .utf8)).map { (name, $0) }
        }
        return nested + top
    }()

    @Test func everyLinkLeadsToAFileAndAHeading() {
        let texts = Dictionary(uniqueKeysWithValues: Self.documents.map { ($0.path, $0.text) })
        var broken: [String] = []
        for (path, text) in Self.documents {
            for link in text.matches(of: /\]\(([^)\s]+)\)/).map({ String($0.output.1) })
            where !link.contains("://") && !link.hasPrefix("mailto:") {
                let sides = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target = sides[0].isEmpty ? path : path.sibling(String(sides[0]))
                let isHere = FileManager.default.fileExists(atPath: "\(repository)/\(target)")
                let headings = (texts[target] ?? "").anchors
                if !isHere || (sides.count > 1 && !headings.contains(String(sides[1]))) {
                    broken.append("\(path): \(link)")
                }
            }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    @Test func everyDocumentIsReachedFromTheIndex() {
        let index = Self.documents.filter { $0.path.hasSuffix("README.md") }.map(\.text).joined()
        let lost = Self.documents.map(\.path).filter { path in
            path.hasPrefix("docs/") && !path.hasSuffix("README.md")
                && !index.contains("\(path.split(separator: "/").last ?? "")")
        }
        #expect(lost.isEmpty, "\(lost.joined(separator: "\n"))")
    }

    /// A guarantee whose test does not exist or was renamed is not verified by anything.
    @Test func everyTestThatADocumentNamesExists() throws {
        // A document may also name a target of tests.
        let targets = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/Tests")
        var suites = Dictionary(uniqueKeysWithValues: targets.map { (Substring($0), "") })
        for (_, source) in try textFiles(in: "Tests", ending: ".swift") {
            for declared in source.matches(of: /(?:struct|enum|extension) (\w+(?:Tests|Rules))\b/) {
                suites[declared.output.1, default: ""] += source
            }
        }
        var unknown: [String] = []
        for (path, text) in Self.documents {
            for named in text.matches(of: /`([A-Z]\w+(?:Tests|Rules))(?:\.(\w+))?`/) {
                let suite = suites[named.output.1]
                let isKnown = named.output.2.map { suite?.contains("func \($0)(") == true } ?? (suite != nil)
                if !isKnown { unknown.append("\(path): \(named.output.0)") }
            }
        }
        #expect(unknown.isEmpty, "\(unknown.joined(separator: "\n"))")
    }

    @Test func everyGuaranteeNamesATest() {
        let security = Self.documents.first { $0.path == "docs/security.md" }?.text ?? ""
        let rows = security.split(separator: "\n").drop { !$0.hasPrefix("## Guarantees") }
            .filter { $0.hasPrefix("| ") }.dropFirst(2)
        #expect(rows.count > 30)
        let unheld = rows.filter { !$0.contains(/`\w+(Tests|Rules)[.`]/) }
        #expect(unheld.isEmpty, "\(unheld.joined(separator: "\n"))")
    }
}

extension String {
    /// A path relative to this file's folder.
    fileprivate func sibling(_ link: String) -> String {
        var parts = split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }

    /// The anchors of the headings, as code hosts generate them.
    fileprivate var anchors: Set<String> {
        Set(
            matches(of: /(?m)^#+ (.+)$/).map { heading in
                heading.output.1.lowercased().filter {
                    $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
                }
                .replacing(" ", with: "-")
            })
    }
}
