package awsfake

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// maxPortalPage is the most that a list call of the portal answers, and what
// max_result may ask for
// (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html).
const maxPortalPage = 100

// AddAccount shows a user an account at the portal by a name, as one without
// roles until AddAssignment gives it some.
func (f *Fake) AddAccount(user, account, name string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.names[account] = name
	f.world.center.assigned = append(f.world.center.assigned, assignment{user: user, account: account})
}

// RemoveAssignment takes a role from a user again.
func (f *Fake) RemoveAssignment(user, account, role string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	kept := f.world.center.assigned[:0:0]
	for _, a := range f.world.center.assigned {
		if a.user != user || a.account != account || a.role != role {
			kept = append(kept, a)
		}
	}
	f.world.center.assigned = kept
}

// SetPortal makes the portal's pages small, and refuses more calls in a second
// than it may have; 0 for as AWS has it, and without a limit.
func (f *Fake) SetPortal(pageSize, perSecond int) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if pageSize == 0 {
		pageSize = maxPortalPage
	}
	f.world.center.pageSize, f.world.center.rate = pageSize, rate{perSecond: perSecond}
}

func (s *sso) accounts(r *request, token *accessToken) (any, error) {
	list, seen := []map[string]string{}, map[string]bool{}
	for _, a := range s.world.center.assigned {
		if a.user == token.user && !seen[a.account] {
			seen[a.account] = true
			list = append(list, map[string]string{"accountId": a.account, "accountName": s.accountName(a.account), "emailAddress": a.account + "@example.com"})
		}
	}
	page, next, err := s.page(r, "ListAccounts", list)
	return map[string]any{"accountList": page, "nextToken": next}, err
}

func (s *sso) accountName(account string) string {
	if name, ok := s.world.center.names[account]; ok {
		return name
	}
	return "account-" + account
}

func (s *sso) roles(r *request, token *accessToken) (any, error) {
	account := r.form.Get("account_id")
	if len(account) != 12 {
		return nil, invalidList("account_id is required")
	}
	list, shown := []map[string]string{}, false
	for _, a := range s.world.center.assigned {
		if a.user != token.user || a.account != account {
			continue
		}
		shown = true
		if a.role != "" {
			list = append(list, map[string]string{"accountId": a.account, "roleName": a.role})
		}
	}
	if !shown {
		return nil, noAccess()
	}
	page, next, err := s.page(r, "ListAccountRoles "+account, list)
	return map[string]any{"roleList": page, "nextToken": next}, err
}

func invalidList(message string) error {
	return &apiError{400, "InvalidRequestException", message}
}

// page cuts a list as max_result and next_token say. A token is good for the
// call that it came from; the last page has none.
func (s *sso) page(r *request, call string, list []map[string]string) (page []map[string]string, next any, err error) {
	size, from := s.world.center.pageSize, 0
	if r.form.Has("max_result") {
		asked, err := strconv.Atoi(r.form.Get("max_result"))
		if err != nil || asked < 1 || asked > maxPortalPage {
			return nil, nil, invalidList("max_result must be between 1 and 100")
		}
		size = min(size, asked)
	}
	if r.form.Has("next_token") {
		for from = 1; portalToken(call, from) != r.form.Get("next_token"); from++ {
			if from >= len(list) {
				return nil, nil, invalidList("Invalid token")
			}
		}
	}
	if len(list)-from <= size {
		return list[from:], nil, nil
	}
	return list[from : from+size], portalToken(call, from+size), nil
}

func portalToken(call string, from int) string {
	return base64.StdEncoding.EncodeToString([]byte(call + " " + strconv.Itoa(from)))
}

// rate counts calls by the second.
type rate struct {
	perSecond, taken int
	second           int64
}

// take lets a call through or refuses it.
func (r *rate) take(now time.Time) error {
	if r.perSecond == 0 {
		return nil
	}
	if now.Unix() != r.second {
		r.second, r.taken = now.Unix(), 0
	}
	if r.taken++; r.taken > r.perSecond {
		return &apiError{http.StatusTooManyRequests, "TooManyRequestsException", "HTTP 429 Unknown Code"}
	}
	return nil
}
