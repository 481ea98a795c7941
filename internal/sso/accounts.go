package sso

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"assume-role/internal/bearer"
)

// Account is one that is assigned to who is signed in. Its name is whatever
// somebody gave it.
type Account struct {
	ID, Name string
	// Roles are the names of the permission sets, sorted.
	Roles []string
	// Hidden says that the portal did not list the account's roles: who is
	// signed in has no access any more, or the account has just gone.
	Hidden bool
}

// pageSize is the most that a list call may ask for
// (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html).
const pageSize = "100"

// maxPages bounds a list that never ends.
const maxPages = 1000

// accountsPage and rolesPage are the answers of ListAccounts and
// ListAccountRoles. An empty list is written as one: a last page without any is
// not AWS's, and who takes it for nothing would prune every profile.
type accountsPage struct {
	AccountList []struct {
		AccountID   string `json:"accountId"`
		AccountName string `json:"accountName"`
	} `json:"accountList"`
	NextToken string `json:"nextToken"`
}

type rolesPage struct {
	RoleList []struct {
		RoleName string `json:"roleName"`
	} `json:"roleList"`
	NextToken string `json:"nextToken"`
}

// accounts lists all accounts, without their roles, by their ids.
func (l *lister) accounts(ctx context.Context) ([]Account, error) {
	byID := map[string]Account{}
	err := l.pages("ListAccounts", url.Values{}, func(query url.Values) (string, error) {
		var p accountsPage
		if err := l.get(ctx, "/assignment/accounts", query, &p); err != nil {
			return "", err
		}
		if p.AccountList == nil && p.NextToken == "" {
			return "", l.incomplete("ListAccounts")
		}
		for _, a := range p.AccountList {
			if len(a.AccountID) != 12 || strings.Trim(a.AccountID, "0123456789") != "" {
				return "", l.incomplete("ListAccounts")
			}
			byID[a.AccountID] = Account{ID: a.AccountID, Name: a.AccountName}
		}
		return p.NextToken, nil
	})
	var all []Account
	for _, a := range byID {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// roles lists the roles of one account.
func (l *lister) roles(ctx context.Context, account *Account) error {
	err := l.pages("ListAccountRoles", url.Values{"account_id": {account.ID}}, func(query url.Values) (string, error) {
		var p rolesPage
		if err := l.get(ctx, "/assignment/roles", query, &p); err != nil {
			return "", err
		}
		if p.RoleList == nil && p.NextToken == "" {
			return "", l.incomplete("ListAccountRoles")
		}
		for _, r := range p.RoleList {
			if r.RoleName == "" {
				return "", l.incomplete("ListAccountRoles")
			}
			account.Roles = append(account.Roles, r.RoleName)
		}
		return p.NextToken, nil
	})
	slices.Sort(account.Roles)
	account.Roles = slices.Compact(account.Roles)
	if status := statusOf(err); status == http.StatusForbidden || status == http.StatusNotFound {
		account.Hidden, account.Roles = true, nil
		return nil
	}
	return err
}

// pages asks for one page after the other.
func (l *lister) pages(call string, query url.Values, ask func(url.Values) (next string, err error)) error {
	query.Set("max_result", pageSize)
	for range maxPages {
		next, err := ask(query)
		switch {
		case err != nil || next == "":
			return err
		case next == query.Get("next_token"):
			return l.incomplete(call)
		}
		query.Set("next_token", next)
	}
	return l.incomplete(call)
}

// send makes one call with a token. What did not come through is tried again by
// the client; what came too often is not, but by who keeps the pace.
func (l *lister) send(ctx context.Context, t *token, path string, query url.Values, into any) error {
	client, err := l.Client()
	if err != nil {
		return err
	}
	request := bearer.Request{
		Method: http.MethodGet, URL: strings.TrimSuffix(l.Portal, "/") + path + "?" + query.Encode(),
		Header: http.Header{"X-Amz-Sso_bearer_token": {t.access.Reveal()}},
	}
	once := *client
	once.Attempts = 1
	var lost *bearer.Unreachable
	if err = once.JSON(ctx, request, into); errors.As(err, &lost) {
		err = client.JSON(ctx, request, into)
	}
	return err
}
